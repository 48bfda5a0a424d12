"""Tasks whose first step runs at once, instead of in the next turn of the event loop.

A handler that does not wait has answered before the next frame is looked at. Python 3.12 does this itself.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from contextvars import Context


def start_eagerly(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """A task that has run up to its first wait, and is done when it waits for nothing."""
    if sys.version_info >= (3, 12):
        return asyncio.Task(coroutine, loop=loop, eager_start=True)
    return _start(loop, coroutine)


def _start(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """The same before Python 3.12: takes the task's first step from where the task schedules it, and runs it."""
    steps: list[tuple[Callable[[], None], Context]] = []
    call_soon = loop.call_soon

    def keep(callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle | None:
        if args or steps or context is None:
            # Not the task's: memory that is collected meanwhile may have something to schedule.
            return call_soon(callback, *args, context=context)
        steps.append((cast("Callable[[], None]", callback), context))
        return None

    try:
        attributes = loop.__dict__
    except AttributeError:  # An event loop that is not written in Python.
        return loop.create_task(coroutine)
    before = attributes.get("call_soon")
    attributes["call_soon"] = keep
    try:
        task = asyncio.Task(coroutine, loop=loop)
    finally:
        if before is None:
            del attributes["call_soon"]
        else:
            attributes["call_soon"] = before
    [(step, context)] = steps
    # Whoever starts the task may be a task itself; it is not the current one for so long.
    current = asyncio.current_task(loop)
    if current is None:
        context.run(step)
        return task
    asyncio.tasks._leave_task(loop, current)  # noqa: SLF001 - documented under "Extending asyncio".
    try:
        context.run(step)
    finally:
        asyncio.tasks._enter_task(loop, current)  # noqa: SLF001
    return task
