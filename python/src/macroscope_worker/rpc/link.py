"""The seam between the protocol and what carries its frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from .frame import Frame

MOST_QUEUED_BYTES: Final = 64 * 1024 * 1024
"""A peer that lets so much wait without reading is dropped."""

ENOUGH_QUEUED_BYTES: Final = 1024 * 1024
"""With so much waiting, streams hold back: what waits longer is older when it arrives."""

CLOSE_WITHIN_S: Final = 1.0
"""A link that is closed writes what waits for so long at the most."""


class LinkReceiver(Protocol):
    """Whoever takes a link's frames. Called from the event loop."""

    def frame_received(self, frame: Frame) -> None:
        """A whole frame came. Its views stay valid."""

    def link_writable(self) -> None:
        """The link is no longer congested."""

    def link_closed(self, reason: str) -> None:
        """The link is gone, by either side; called once."""


class Link(Protocol):
    """An ordered channel to another process or to another part of this one. Whoever starts it owns it and closes it."""

    @property
    def congested(self) -> bool:
        """Enough waits to be written; `link_writable` follows."""

    def start(self, receiver: LinkReceiver) -> None:
        """Begin to deliver. Called once."""

    def send(self, frame: Frame) -> None:
        """Queue a frame by its lane. Never blocks; nothing when the link is closed."""

    def forget(self, connection: int) -> None:
        """Drop the frames of a connection that wait: it was closed."""

    def close(self, reason: str = "") -> None:
        """Write what waits, as long as the peer reads, then close."""

    def abort(self, reason: str) -> None:
        """Close at once."""
