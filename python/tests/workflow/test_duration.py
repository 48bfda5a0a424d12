from __future__ import annotations

import pytest

from macroscope_worker.workflow._duration import duration_in_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (25.4, "25 s"),
        (119.4, "119 s"),
        (119.6, "2 min"),
        (742, "12 min"),
        (7169, "119 min"),
        (7171, "2 h 0 min"),
        (11_400, "3 h 10 min"),
    ],
)
def test_says_no_more_than_anybody_reads(seconds: float, words: str) -> None:
    assert duration_in_words(seconds) == words
