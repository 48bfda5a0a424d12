"""`python -m macroscope_worker`: the worker process."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING

from macroscope_worker.process_priority import raise_priority
from macroscope_worker.worker.arguments import parse_arguments
from macroscope_worker.worker.json_log import set_up_logging
from macroscope_worker.worker.process import WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the worker; returns the exit code."""
    arguments = parse_arguments(argv)
    set_up_logging()
    logging.getLogger(__name__).info("priority", extra={"priority": raise_priority()})
    return asyncio.run(WorkerProcess(arguments).run())


if __name__ == "__main__":
    sys.exit(main())
