from __future__ import annotations

import numpy as np
import pytest
from macroscope.camera.v1.camera_pb import CameraPhase

from macroscope_worker.acquisition import CameraPhase as Phase
from macroscope_worker.acquisition import CameraSnapshot, PreviewPicture
from macroscope_worker.services.camera_translation import camera_to_proto, picture_to_proto


def test_a_closed_camera_has_no_settings() -> None:
    state = camera_to_proto(CameraSnapshot(4, Phase.CLOSED))
    assert (state.revision, state.phase) == (4, CameraPhase.CLOSED)
    assert (state.camera, state.settings, state.fault, state.limits) == (None, None, None, [])


@pytest.mark.parametrize("phase", list(Phase))
def test_phases_have_the_same_numbers(phase: Phase) -> None:
    assert CameraPhase(phase.value).name == phase.name


def test_pixels_are_not_copied() -> None:
    pixels = np.zeros((2, 3), dtype="<u2")
    frame = picture_to_proto(PreviewPicture(1, 2, 3, 2, 1, 16, 0, 3, 2, pixels))
    pixels[0, 0] = 0x0102
    assert bytes(frame.pixels[:2]) == b"\x02\x01"
    assert len(frame.pixels) == 12
