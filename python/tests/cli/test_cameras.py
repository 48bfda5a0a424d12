from __future__ import annotations

import importlib.util

import pytest

from .console import console


def test_lists_what_every_driver_finds_as_one_document() -> None:
    done = console("cameras", "--json")
    assert done.code == 0
    ids = [camera["id"] for camera in done.document["cameras"]]
    assert ids[0].startswith("simulated:")
    listed = {camera_id.partition(":")[0] for camera_id in ids}
    for driver in done.document["unavailable_drivers"]:
        assert driver["reason"]
        assert driver["driver"] not in listed
    if importlib.util.find_spec("pypylon"):
        assert sum(camera_id.startswith("pylon:") for camera_id in ids) == 2
    if importlib.util.find_spec("mm_test_adapters"):
        assert any("DemoCamera" in camera_id for camera_id in ids)


@pytest.mark.parametrize("arguments", [["cameras"], ["cameras", "--rescan"]])
def test_says_it_in_words(arguments: list[str]) -> None:
    done = console(*arguments)
    assert done.code == 0
    assert "simulated:" in done.stdout
