"""Where a command's answer goes: JSON alone on stdout, or words; progress on stderr."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping


class Output:
    """The answer of one command.

    With `--json`, exactly one document goes to stdout. Vendors' libraries print there too, at any moment until the
    process ends, so their stdout is turned to stderr for good and the answer goes through a private copy.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._answer: TextIO = sys.stdout
        if as_json:
            sys.stdout.flush()
            self._answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
            os.dup2(2, 1)
        self._shows_progress = sys.stderr.isatty()
        self._progress_width = 0

    def answer(self, document: Mapping[str, Any], words: str) -> None:
        """Give the answer, once."""
        self.end_progress()
        text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) if self.as_json else words
        self._answer.write(text + "\n")
        self._answer.flush()

    def fail(self, kind: str, message: str) -> None:
        """Say why there is no answer: on stderr, and with `--json` as the document too."""
        self.end_progress()
        print(f"macroscope: {message}", file=sys.stderr)
        if self.as_json:
            self.answer({"error": {"kind": kind, "message": message}}, "")

    def progress(self, line: str) -> None:
        """Replace the line of progress; nothing when nobody watches a terminal."""
        if self._shows_progress:
            sys.stderr.write("\r" + line.ljust(self._progress_width))
            sys.stderr.flush()
            self._progress_width = len(line)

    def end_progress(self) -> None:
        """Leave the line of progress."""
        if self._progress_width:
            sys.stderr.write("\n")
            sys.stderr.flush()
            self._progress_width = 0
