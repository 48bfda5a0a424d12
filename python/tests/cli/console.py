"""The console script in a process of its own, as a shell runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-c", "import sys; from macroscope_worker.cli import main; sys.exit(main())"]
ENVIRONMENT = {**os.environ, "PYLON_CAMEMU": "2"}


@dataclass(frozen=True)
class Done:
    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Any:
        """The one JSON document that stdout has to be."""
        return json.loads(self.stdout)


def console(*arguments: str | Path, environment: dict[str, str] | None = None) -> Done:
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**ENVIRONMENT, **(environment or {})},
        timeout=50,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)
