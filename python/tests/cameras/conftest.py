"""The vendors' own emulation, set up before their libraries are loaded."""

from __future__ import annotations

import os

# pylon reads it when it is loaded, which happens once in a process.
os.environ.setdefault("PYLON_CAMEMU", "2")
