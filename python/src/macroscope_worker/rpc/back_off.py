"""How the pauses between attempts grow."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class BackOff:
    """Doubled each time up to a longest, and between half and all of it by chance: clients do not come all at once."""

    first_ms: float = 100
    longest_ms: float = 5_000
    chance: Callable[[], float] = field(default=random.random)
    """From 0 to 1."""

    def delay_ms(self, attempt: int) -> float:
        """The pause after this many attempts."""
        full_ms = min(self.longest_ms, self.first_ms * float(1 << min(max(0, attempt - 1), 30)))
        return full_ms * (0.5 + self.chance() / 2)
