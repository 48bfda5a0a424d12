"""How much of the processor this process gets where others want it too.

What films must not wait for what draws. Chromium puts the processes that draw before all others where it may (always
on Windows), and Windows 11 slows a process without a window down to save power. The worker asks for the contrary, as
far as it is let: SetPriorityClass and SetProcessInformation with ProcessPowerThrottling in the documentation of the
Windows API, setpriority(2) elsewhere.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from typing import Final

import psutil

NICENESS: Final = -10
"""Before Chromium's -8, and behind what the system itself runs at -20."""


def raise_priority() -> str:
    """Put this process before ordinary ones; answers with what was reached, for the log. Never raises.

    Linux needs the right to (`CAP_SYS_NICE` or `RLIMIT_NICE`); without it all stays as it is.
    """
    try:
        process = psutil.Process()
        if sys.platform == "win32":
            process.nice(psutil.ABOVE_NORMAL_PRIORITY_CLASS)
            throttled = "" if _forbid_throttling() else ", slowed down to save power"
            return f"above normal{throttled}"
        before = process.nice()
        if before > NICENESS:
            process.nice(NICENESS)
    except (psutil.Error, OSError) as error:
        return f"ordinary: {error}"
    return f"niceness {min(before, NICENESS)}"


if sys.platform == "win32":  # pragma: no cover - of the other systems

    class _PowerThrottling(ctypes.Structure):
        """PROCESS_POWER_THROTTLING_STATE."""

        _fields_ = (("version", ctypes.c_ulong), ("control_mask", ctypes.c_ulong), ("state_mask", ctypes.c_ulong))

    _PROCESS_POWER_THROTTLING: Final = 4
    _VERSION: Final = 1
    _EXECUTION_SPEED: Final = 1
    _IGNORE_TIMER_RESOLUTION: Final = 4

    def _forbid_throttling() -> bool:
        """Full speed and the timers that were asked for, window or none. False where Windows is too old to be asked."""
        state = _PowerThrottling(_VERSION, _EXECUTION_SPEED | _IGNORE_TIMER_RESOLUTION, 0)
        with suppress(OSError, AttributeError):
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel.GetCurrentProcess.restype = ctypes.c_void_p
            kernel.SetProcessInformation.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong]
            process = kernel.GetCurrentProcess()
            size = ctypes.sizeof(state)
            return bool(kernel.SetProcessInformation(process, _PROCESS_POWER_THROTTLING, ctypes.byref(state), size))
        return False
