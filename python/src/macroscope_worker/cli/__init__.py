"""The console script `macroscope`: cameras, record, verify."""

from __future__ import annotations

from macroscope_worker.cli._main import main

__all__ = ["main"]
