from __future__ import annotations

import pytest

from .console import console


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["record"],
        ["record", "--camera", "simulated:cortex-512", "--frames", "-1", "--out", "."],
        ["record", "--camera", "simulated:cortex-512", "--frames", "many", "--out", "."],
        ["record", "--camera", "simulated:cortex-512", "--frames", "1", "--out", ".", "--set", "exposure_us"],
        ["record", "--camera", "simulated:cortex-512", "--frames", "1", "--out", ".", "--set", "exposure_us=bright"],
        ["record", "--camera", "simulated:cortex-512", "--frames", "1", "--out", ".", "--set", "exposure_us=nan"],
    ],
)
def test_a_wrong_command_line_is_told_with_code_2(arguments: list[str]) -> None:
    done = console(*arguments)
    assert done.code == 2
    assert done.stdout == ""
    assert "usage:" in done.stderr


@pytest.mark.parametrize("command", [[], ["cameras"], ["record"], ["verify"]])
def test_help_tells_the_exit_codes(command: list[str]) -> None:
    done = console(*command, "--help")
    assert done.code == 0
    assert "exit codes:" in done.stdout
