"""Small files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_OTHERS_LET_GO_WITHIN_S = 2.0 if sys.platform == "win32" else 0.0


def write_whole(path: Path, text: str) -> None:
    """Write a file for its owner alone, in one step and durable: a crash leaves the old one or the new one.

    Raises OSError; nothing is left behind then.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def put_in_place(temporary: Path, path: Path) -> None:
    """Give a file that is written its name, in the place of what has it. Raises OSError.

    On Windows a file that a viewer or a virus scanner has open cannot be replaced until it is closed again.
    """
    give_up_s = time.monotonic() + _OTHERS_LET_GO_WITHIN_S
    while True:
        try:
            temporary.replace(path)
        except PermissionError:
            if time.monotonic() >= give_up_s:
                raise
            time.sleep(0.01)
        else:
            return


def read_json(path: Path) -> Any:
    """What stands in a small file of JSON. Raises OSError, and ValueError where it is none, however deep it goes."""
    try:
        return json.loads(path.read_bytes())
    except RecursionError as error:
        msg = "it goes too deep"
        raise ValueError(msg) from error
