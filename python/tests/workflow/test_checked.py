from __future__ import annotations

from dataclasses import replace

import pytest
from macroscope.configuration.v1.configuration_pb import ConfigurationState
from tests.workflow.bench import Bench, make_display, make_state

from macroscope_worker.cameras import Parameter
from macroscope_worker.workflow import _checked
from macroscope_worker.workflow._checked import Checked
from macroscope_worker.workflow._preflight import make_checks
from macroscope_worker.workflow.checks import CHECKS

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def two_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = [check for check in CHECKS if check.id in {"stimulus_display", "stimulus_full_screen"}]
    monkeypatch.setattr(
        _checked, "make_checks", lambda instruments, found: make_checks(instruments, found, checks=checks)
    )


async def test_tells_each_that_is_done_and_then_that_all_are() -> None:
    bench = Bench()
    checked = Checked(bench.instruments)
    told: list[tuple[bool, int, int]] = []

    def changed() -> None:
        proto = checked.to_proto()
        told.append((proto.running, len(proto.checks), proto.made_ns))

    assert (checked.made, checked.outdated, checked.to_proto().holds_until_ns) == (False, "", 0)
    await checked.make(changed)
    assert told == [(True, 0, 0), (True, 1, 0), (True, 2, 0), (False, 2, bench.now_ns)]
    assert checked.to_proto().configuration_revision == 7


async def test_what_makes_them_old() -> None:
    bench = Bench()
    checked = Checked(bench.instruments)
    await checked.make(lambda: None)
    assert checked.outdated == ""
    bench.state = make_state()
    bench.state.revision = 8
    assert checked.outdated == ""  # The same settings under another number, such as after a run.
    bench.state.configuration.stimulus.contrast = 0.2  # type: ignore[union-attr]
    assert "configuration" in checked.outdated
    bench.state = ConfigurationState(revision=7, configuration=make_state().configuration)
    bench.display = make_display(attachment_id="another")
    assert "display" in checked.outdated
    bench.display = None  # That it is gone has a guard of its own.
    assert checked.outdated == ""
    bench.display = make_display()
    bench.camera = replace(bench.camera, parameters={"frame_rate_hz": Parameter("frame_rate_hz", 12.0)})
    assert "camera" in checked.outdated
    bench.camera = replace(Bench().camera, revision=99)  # The same camera with the same settings.
    assert checked.outdated == ""
    bench.now_ns = checked.to_proto().holds_until_ns - 1
    assert checked.outdated == ""
    bench.now_ns += 1
    assert checked.outdated == "They were made more than 10 min ago."
    bench.now_ns -= 1
    checked.run_was_made()
    assert "run" in checked.outdated
    await checked.make(lambda: None)
    assert checked.outdated == ""


async def test_failures_and_warnings() -> None:
    bench = Bench(display=make_display(display_id="d2"))
    checked = Checked(bench.instruments)
    await checked.make(lambda: None)
    assert [check.id for check in checked.warnings_beside([])] == ["stimulus_full_screen"]
    assert checked.warnings_beside(["stimulus_full_screen"]) == ()
    assert checked.warns("stimulus_full_screen")
    assert not checked.warns("stimulus_display")
    bench.display = None
    await checked.make(lambda: None)
    assert [check.id for check in checked.failures] == ["stimulus_display"]
