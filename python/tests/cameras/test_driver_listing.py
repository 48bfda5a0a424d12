from __future__ import annotations

import threading

from macroscope_worker.cameras import CameraDescription, UnavailableDriver
from macroscope_worker.cameras._driver_listing import DriverListing

ONE = (CameraDescription("some:1", "One", "some"),)
WITHIN_S = 10.0


class Library:
    """A vendor's library that hangs until it is let go."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_answer = threading.Event()
        self.entered = threading.Event()

    def ask(self) -> tuple[CameraDescription, ...]:
        self.asked += 1
        self.entered.set()
        assert self.may_answer.wait(WITHIN_S)
        return ONE


def test_it_is_asked_once_until_it_is_to_be_asked_again() -> None:
    library = Library()
    library.may_answer.set()
    listing = DriverListing("some", library.ask)
    assert listing.last is None
    for again, asked in ((False, 1), (False, 1), (True, 2)):
        listing.begin(again=again)
        assert listing.answer() == ONE
        assert library.asked == asked
    assert listing.last == ONE


def test_one_that_hangs_is_told_of_and_not_asked_beside() -> None:
    library = Library()
    listing = DriverListing("some", library.ask, patience_s=0.05)
    listing.begin(again=False)
    first = listing.answer()
    assert isinstance(first, UnavailableDriver)
    assert "has not answered" in first.reason
    assert "The other drivers' cameras can be used" in first.reason
    listing.begin(again=True)
    assert isinstance(listing.answer(), UnavailableDriver)
    assert library.asked == 1
    assert listing.last is None
    library.may_answer.set()


def test_an_answer_that_comes_late_is_the_next_one() -> None:
    library = Library()
    listing = DriverListing("some", library.ask, patience_s=0.05)
    listing.begin(again=False)
    assert isinstance(listing.answer(), UnavailableDriver)
    library.may_answer.set()
    patient = DriverListing("some", lambda: waited(listing), WITHIN_S)
    patient.begin(again=False)
    assert patient.answer() == ONE
    listing.begin(again=False)
    assert listing.answer() == ONE
    assert library.asked == 1


def waited(listing: DriverListing) -> tuple[CameraDescription, ...] | UnavailableDriver:
    while listing.last is None:
        threading.Event().wait(0.005)
    return listing.last


def test_whoever_asks_meanwhile_gets_the_same_answer() -> None:
    library = Library()
    listing = DriverListing("some", library.ask, WITHIN_S)
    answers: list[object] = []
    listing.begin(again=False)
    assert library.entered.wait(WITHIN_S)

    def ask() -> None:
        listing.begin(again=True)
        answers.append(listing.answer())

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    library.may_answer.set()
    for asker in askers:
        asker.join(WITHIN_S)
    assert answers == [ONE, ONE, ONE]
