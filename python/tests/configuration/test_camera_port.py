"""Which fields the live camera decides on."""

from __future__ import annotations

from macroscope.configuration.v1.settings_pb import Configuration

from macroscope_worker.configuration import BrokenRule
from macroscope_worker.configuration._camera_port import FOLLOWED, blamed, is_followed
from macroscope_worker.configuration._paths import leaves, resolve


def test_the_camera_decides_on_its_own_settings_and_nothing_else() -> None:
    followed = {path for path in leaves(Configuration.desc()) if is_followed(path)}
    assert {"camera.camera_id", "camera.settings.exposure_us", "camera.settings.region_of_interest.x_px"} <= followed
    assert all(path.startswith("camera.") for path in followed)
    assert "camera.um_per_px" not in followed
    for path in FOLLOWED:
        resolve(Configuration.desc(), path)


def test_only_who_asks_the_camera_answers_for_its_rules() -> None:
    cameras, other = BrokenRule("camera.settings.gain", "no", "x"), BrokenRule("camera.um_per_px", "no", "y")
    assert blamed([cameras, other], ["stimulus.gamma"]) == (other,)
    assert blamed([cameras, other], ["stimulus.gamma", "camera.camera_id"]) == (cameras, other)
