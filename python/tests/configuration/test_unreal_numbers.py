"""A draft is left alone by the rules of its request: the store looks at every number itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from macroscope.configuration.v1.settings_pb import Configuration
from protobuf import DescFieldValueScalar, ScalarType
from tests.configuration.making import settings, stored

from macroscope_worker.configuration import InvalidConfiguration
from macroscope_worker.configuration._paths import leaves

if TYPE_CHECKING:
    from pathlib import Path

PATHS = [
    path
    for path, steps in leaves(Configuration.desc()).items()
    if isinstance(steps[-1].value, DescFieldValueScalar) and steps[-1].value.scalar is ScalarType.DOUBLE
]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
async def test_no_setting_becomes_what_is_no_number(tmp_path: Path, number: float) -> None:
    assert len(PATHS) > 20
    async with stored(tmp_path) as made:
        before = made.store.configuration
        for path in PATHS:
            draft = settings({path: number})
            with pytest.raises(InvalidConfiguration) as refused:
                await made.store.update(made.revision, draft, [path], "a test")
            assert path in {rule.path for rule in refused.value.broken}, path
            made.store.draft(draft, [path])
        assert made.store.configuration == before
