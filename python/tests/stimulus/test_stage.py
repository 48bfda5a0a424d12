from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from macroscope.configuration.v1.stimulus_pb import Direction
from macroscope.stimulus.v1.stimulus_pb import BarSweep, FlipBatch, Scene, StimulusState

from macroscope_worker.stimulus import (
    DISPLAY_TOPIC,
    FLIPS_TOPIC,
    SCENES_TOPIC,
    DisplayAttached,
    DisplayNotAttached,
    Stage,
    TestRefused,
)

from .made_flips import BEGAN_NS, display, flips, presented_ns_of
from .made_settings import geometry, stimulus

if TYPE_CHECKING:
    from collections.abc import Callable


class Timer:
    def __init__(self, due_ns: int, call: Callable[[], None]) -> None:
        self.due_ns = due_ns
        self.call = call
        self.canceled = False

    def cancel(self) -> None:
        self.canceled = True


class World:
    """A stage with the time in the test's hand, and what it writes and tells."""

    def __init__(self) -> None:
        self.now_ns = BEGAN_NS
        self.timers: list[Timer] = []
        self.written: list[tuple[str, Any]] = []
        self.told: list[str] = []
        self.stage = Stage(
            write=lambda topic, message: self.written.append((topic, message)),
            tell=lambda _severity, code, _message, _remedy: self.told.append(code),
            clock=lambda: self.now_ns,
            call_later=self.call_later,
        )

    def call_later(self, delay_s: float, call: Callable[[], None]) -> Timer:
        timer = Timer(self.now_ns + round(delay_s * 1e9), call)
        self.timers.append(timer)
        return timer

    def pass_ns(self, span_ns: int) -> None:
        end_ns = self.now_ns + span_ns
        while due := [timer for timer in self.timers if timer.due_ns <= end_ns and not timer.canceled]:
            timer = min(due, key=lambda one: one.due_ns)
            self.timers.remove(timer)
            self.now_ns = timer.due_ns
            timer.call()
        self.now_ns = end_ns

    def messages(self, topic: str) -> list[Any]:
        return [message for written, message in self.written if written == topic]


@pytest.fixture
def world() -> World:
    made = World()
    made.stage.set_drawing(geometry(), stimulus())
    return made


SWEEP = BarSweep(showing=3, direction=Direction.LEFT_TO_RIGHT, from_deg=-55, to_deg=55, started_ns=5, ended_ns=9)


def test_scenes_are_numbered_kept_and_written(world: World) -> None:
    first = world.stage.scene
    assert (first.display, first.stimulus, first.sweep) == (geometry(), stimulus(), None)
    number = world.stage.show(SWEEP)
    assert number == first.number + 1
    assert world.stage.scene == Scene(number=number, display=geometry(), stimulus=stimulus(), sweep=SWEEP)
    assert world.stage.show(None) == number + 1
    assert [scene.number for scene in world.messages(SCENES_TOPIC)] == [2, 3, 4]
    # A scene that was handed out stays as it was.
    assert first.sweep is None


def test_settings_change_what_is_drawn_and_leave_the_sweep(world: World) -> None:
    world.stage.show(SWEEP)
    changed = stimulus(bar_width_deg=5.0)
    world.stage.set_drawing(geometry(), changed)
    assert (world.stage.scene.stimulus, world.stage.scene.sweep) == (changed, SWEEP)
    number = world.stage.scene.number
    world.stage.set_drawing(geometry(), changed)
    assert world.stage.scene.number == number


def test_one_display_at_a_time(world: World) -> None:
    stage = world.stage
    attachment = stage.attach(display())
    assert stage.attached
    assert stage.display == display()
    with pytest.raises(DisplayAttached):
        stage.attach(display("attachment-2"))
    attachment.end("It was closed.")
    assert (stage.attached, stage.lost_reason) == (False, "It was closed.")
    other = stage.attach(display("attachment-2"))
    assert stage.lost_reason == ""
    # An older hold has nothing to say any more.
    attachment.end("Too late.")
    assert other.held
    assert stage.lost_reason == ""


def test_the_same_attachment_again_takes_the_place_of_the_first(world: World) -> None:
    first = world.stage.attach(display())
    world.stage.take("attachment-1", flips(0, 10))
    second = world.stage.attach(display(full_screen=True))
    assert (first.held, second.held) == (False, True)
    first.end("Its old stream ended.")
    assert world.stage.attached
    assert world.stage.lost_reason == ""
    assert world.stage.take("attachment-1", flips(10, 1)) == 11
    assert world.told == []
    assert world.stage.figures().flips == 11


def test_flips_go_on_after_a_broken_connection_and_begin_anew_with_a_new_window(world: World) -> None:
    world.stage.attach(display()).end("Gone.")
    with pytest.raises(DisplayNotAttached):
        world.stage.take("attachment-1", flips(0, 1))
    world.stage.attach(display())
    assert world.stage.take("attachment-1", flips(0, 5)) == 5
    world.stage.detach("Gone.")
    attachment = world.stage.attach(display())
    assert world.stage.take("attachment-1", flips(3, 4)) == 7
    attachment.end("Gone.")
    world.stage.attach(display("attachment-2"))
    assert world.stage.take("attachment-2", flips(0, 2)) == 2
    assert world.stage.figures().flips == 2
    with pytest.raises(DisplayNotAttached):
        world.stage.take("attachment-1", flips(7, 1))


def test_flips_are_written_once_and_a_hole_is_told(world: World) -> None:
    world.stage.attach(display())
    world.now_ns = presented_ns_of(100)
    for batch in (flips(0, 5), flips(0, 5), flips(8, 2), flips(4, 5)):
        world.stage.take("attachment-1", batch)
    written: list[FlipBatch] = world.messages(FLIPS_TOPIC)
    assert [(batch.first_index, len(batch.presented_ns)) for batch in written] == [(0, 5), (8, 2), (5, 3)]
    assert world.told == ["flips_lost"]


def test_times_that_cannot_be_true_are_told_and_kept(world: World) -> None:
    world.stage.attach(display())
    world.now_ns = BEGAN_NS - 60_000_000_000
    world.stage.take("attachment-1", flips(0, 5))
    assert world.told == ["flip_times_implausible"]
    assert len(world.messages(FLIPS_TOPIC)) == 1


def test_the_journal_says_which_display_there_is(world: World) -> None:
    world.stage.attach(display()).end("Gone.")
    states: list[StimulusState] = world.messages(DISPLAY_TOPIC)
    assert [(state.attached, state.lost_reason) for state in states] == [(True, ""), (False, "Gone.")]
    assert states[0].display == display()
    world.written.clear()
    world.stage.write_now()
    assert [topic for topic, _ in world.written] == [DISPLAY_TOPIC, SCENES_TOPIC]


def test_a_test_is_shown_over_and_over(world: World) -> None:
    world.stage.test(Direction.TOP_TO_BOTTOM)
    sweep = world.stage.scene.sweep
    assert sweep is not None
    assert world.stage.testing
    assert (sweep.direction, sweep.has_field("showing")) == (Direction.TOP_TO_BOTTOM, False)
    assert sweep.started_ns > world.now_ns
    number = world.stage.scene.number
    world.stage.test(Direction.TOP_TO_BOTTOM)
    assert world.stage.scene.number == number
    world.pass_ns(3 * (sweep.ended_ns - sweep.started_ns + 1_000_000_000))
    sweeps = [scene.sweep for scene in world.messages(SCENES_TOPIC) if scene.sweep is not None]
    assert len(sweeps) == 4
    for before, after in pairwise(sweeps):
        assert after.started_ns > before.ended_ns
    world.stage.test(Direction.LEFT_TO_RIGHT)
    assert world.stage.scene.sweep is not None
    assert world.stage.scene.sweep.direction == Direction.LEFT_TO_RIGHT
    world.stage.test(None)
    assert (world.stage.testing, world.stage.scene.sweep) == (False, None)
    world.pass_ns(60_000_000_000)
    assert world.stage.scene.sweep is None


def test_a_test_begins_anew_with_new_settings(world: World) -> None:
    world.stage.test(Direction.LEFT_TO_RIGHT)
    world.stage.set_drawing(geometry(), stimulus(drift_speed_deg_per_s=100.0))
    sweep = world.stage.scene.sweep
    assert sweep is not None
    assert sweep.ended_ns - sweep.started_ns == pytest.approx(1.1e9)
    assert len([timer for timer in world.timers if not timer.canceled]) == 1
    # Settings that give no sweep leave it grey.
    world.stage.set_drawing(geometry(), stimulus(drift_speed_deg_per_s=0.0))
    assert (world.stage.testing, world.stage.scene.sweep) == (False, None)


def test_a_run_ends_a_test_and_takes_none(world: World) -> None:
    world.stage.test(Direction.LEFT_TO_RIGHT)
    world.stage.begin_run()
    assert (world.stage.testing, world.stage.scene.sweep) == (False, None)
    with pytest.raises(TestRefused, match="run"):
        world.stage.test(Direction.LEFT_TO_RIGHT)
    world.stage.show(SWEEP)
    world.stage.end_run()
    assert world.stage.scene.sweep is None
    world.stage.test(Direction.LEFT_TO_RIGHT)
    assert world.stage.testing


def test_a_test_without_settings_is_refused_and_nothing_is_left_of_it() -> None:
    world = World()
    with pytest.raises(TestRefused):
        world.stage.test(Direction.LEFT_TO_RIGHT)
    assert not world.stage.testing
    assert world.timers == []


def test_a_display_that_goes_takes_its_test_along(world: World) -> None:
    attachment = world.stage.attach(display())
    world.stage.test(Direction.LEFT_TO_RIGHT)
    attachment.end("Gone.")
    assert (world.stage.testing, world.stage.scene.sweep) == (False, None)


def test_a_display_that_goes_in_a_run_leaves_the_sweep_to_whoever_drives_it(world: World) -> None:
    attachment = world.stage.attach(display())
    world.stage.begin_run()
    world.stage.show(SWEEP)
    attachment.end("Gone.")
    assert world.stage.scene.sweep == SWEEP


def test_whoever_listens_hears_of_every_change_with_a_new_revision(world: World) -> None:
    revisions: list[int] = []
    stop = world.stage.subscribe(lambda: revisions.append(world.stage.state().revision))
    world.stage.attach(display())
    world.stage.take("attachment-1", flips(0, 5))
    world.stage.show(None)
    world.stage.touch()
    world.stage.detach("Gone.")
    assert revisions == sorted(set(revisions))
    assert len(revisions) == 5
    # What was known before is no news.
    stop()
    stop()
    world.stage.touch()
    assert len(revisions) == 5


def test_a_showing_is_summed_up_for_whoever_drives_the_run(world: World) -> None:
    world.stage.attach(display())
    world.stage.begin_run()
    world.stage.take("attachment-1", flips(0, 30, showing=4))
    assert world.stage.showing(3).flips == 30
    assert world.stage.state().figures is not None
    assert world.stage.figures().run_flips == 30
