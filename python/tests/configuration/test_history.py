"""Undo and redo, and who changed what."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from macroscope.configuration.v1.settings_pb import Configuration

from macroscope_worker.configuration._history import Change, ChangeLog, UndoStack

NOTHING = Configuration()


def change(label: str) -> Change:
    return Change(label, (), NOTHING, NOTHING)


def test_takes_back_the_last_and_makes_it_again() -> None:
    stack = UndoStack()
    assert (stack.undo, stack.redo) == (None, None)
    stack.did(change("one"))
    stack.did(change("two"))
    stack.undid()
    assert stack.undo is not None
    assert stack.redo is not None
    assert (stack.undo.label, stack.redo.label) == ("one", "two")
    stack.redid()
    assert stack.undo.label == "two"
    assert stack.redo is None


def test_a_new_change_forgets_what_was_taken_back() -> None:
    stack = UndoStack()
    stack.did(change("one"))
    stack.undid()
    stack.did(change("two"))
    assert stack.redo is None


def test_keeps_only_the_last_ones() -> None:
    stack = UndoStack(most=2)
    for label in ("one", "two", "three"):
        stack.did(change(label))
    stack.undid()
    stack.undid()
    assert stack.undo is None


@given(st.lists(st.sampled_from(["did", "undid", "redid"])))
def test_is_a_list_with_a_place_in_it(verbs: list[str]) -> None:
    stack = UndoStack()
    done: list[str] = []
    undone: list[str] = []
    for number, verb in enumerate(verbs):
        if verb == "did":
            stack.did(change(str(number)))
            done.append(str(number))
            undone.clear()
        elif verb == "undid" and stack.undo is not None:
            stack.undid()
            undone.append(done.pop())
        elif verb == "redid" and stack.redo is not None:
            stack.redid()
            done.append(undone.pop())
        assert (stack.undo.label if stack.undo else None) == (done[-1] if done else None)
        assert (stack.redo.label if stack.redo else None) == (undone[-1] if undone else None)


def test_the_log_tells_what_changed_since() -> None:
    log = ChangeLog()
    assert log.last == (0, "")
    log.note(2, ["a", "b"], "one")
    log.note(5, ["b", "c"], "two")
    assert log.since(1) == ("a", "b", "c")
    assert log.since(2) == ("b", "c")
    assert log.since(5) == ()
    assert log.last == (5, "two")


def test_what_the_log_has_forgotten_is_not_guessed() -> None:
    log = ChangeLog(most=2)
    for revision in (1, 2, 3):
        log.note(revision, [f"path{revision}"], "somebody")
    assert log.since(0) == (), "revision 1 is forgotten"
    assert log.since(1) == ("path2", "path3")
