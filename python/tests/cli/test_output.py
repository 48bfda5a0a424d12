from __future__ import annotations

import json
import subprocess
import sys

NOISY_LIBRARY = """
import ctypes, os, sys
from macroscope_worker.cli._output import Output
libc = ctypes.CDLL(None)
output = Output(as_json=True)
libc.puts(b"driver: hello")       # buffered by C until the process ends
os.write(1, b"driver: direct\\n")
print("from Python")
output.answer({"a": "\u00b5"}, "words")
libc.puts(b"driver: good-bye")
"""


def test_nothing_but_the_document_reaches_stdout() -> None:
    if sys.platform == "win32":
        return
    done = subprocess.run(
        [sys.executable, "-c", NOISY_LIBRARY], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert json.loads(done.stdout) == {"a": "\u00b5"}
    for line in ("driver: hello", "driver: direct", "from Python", "driver: good-bye"):
        assert line in done.stderr
