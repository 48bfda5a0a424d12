from __future__ import annotations

import pytest

from macroscope_worker.__main__ import main


def test_says_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    assert "--runtime-directory" in capsys.readouterr().out
