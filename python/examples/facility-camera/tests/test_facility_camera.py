"""Run it with `pytest` where Macroscope's worker and this plug-in are installed."""

from __future__ import annotations

from macroscope_worker.cameras import CameraRegistry
from macroscope_worker.testing import check_camera


def test_the_card_keeps_the_contract_of_a_camera() -> None:
    """All that Camera promises, and frames."""
    check_camera(CameraRegistry().open("facility:card"))
