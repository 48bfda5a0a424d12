from __future__ import annotations

from pathlib import Path

import pytest

from macroscope_worker.worker.arguments import parse_arguments


def test_reads_what_it_is_told() -> None:
    arguments = parse_arguments(
        ["--runtime-directory", "/run/m", "--recordings-directory", "/data", "--camera", "pylon:1", "--linger-s", "0.5"]
    )
    assert arguments.runtime_directory == Path("/run/m")
    assert arguments.recordings_directory == Path("/data")
    assert (arguments.camera, arguments.linger_s) == ("pylon:1", 0.5)


def test_needs_only_the_runtime_directory() -> None:
    arguments = parse_arguments(["--runtime-directory", "/run/m"])
    assert arguments.camera == ""
    assert arguments.linger_s == 5
    assert arguments.recordings_directory.is_absolute()
    assert arguments.data_directory == Path("/run/m"), "settings lie there too, unless told otherwise"
    assert arguments.websocket_port is None, "nothing listens unless it is asked to"


def test_takes_a_folder_for_settings() -> None:
    assert parse_arguments(["--runtime-directory", "/r", "--data-directory", "/d"]).data_directory == Path("/d")


def test_takes_a_port_and_origins_of_pages() -> None:
    one, other = "http://127.0.0.1:5173", "app://macroscope"
    argv = [
        "--runtime-directory",
        "/r",
        "--websocket-port",
        "0",
        "--websocket-origin",
        one,
        "--websocket-origin",
        other,
    ]
    arguments = parse_arguments(argv)
    assert arguments.websocket_port == 0
    assert arguments.websocket_origins == (one, other)


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["--runtime-directory", "/r", "--linger-s", "-1"],
        ["--token", "secret"],
        ["--runtime-directory", "/r", "--websocket-port", "65536"],
        ["--runtime-directory", "/r", "--websocket-port", "any"],
        ["--runtime-directory", "/r", "--websocket-port", "0", "--websocket-origin", "*"],
        ["--runtime-directory", "/r", "--websocket-origin", "http://127.0.0.1:5173"],
    ],
)
def test_what_makes_no_sense_ends_with_a_message(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_arguments(argv)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err
