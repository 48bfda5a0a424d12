"""Who may open a WebSocket: what is looked at before a request becomes one. Without input or output.

A browser lets any page of any site dial an address of this machine. What such a page cannot do is lie about where it
comes from (Origin), and under which name it found us (Host: a name of its site's that was made to point here).
Programs that are no browser have no Origin; for them, as for every page that is let in, the token is the lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from websockets.exceptions import InvalidHeaderFormat
from websockets.headers import parse_subprotocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from websockets.http11 import Request

PATH: Final = "/macroscope/v1"
SUBPROTOCOL: Final = "macroscope.v1"
LOOPBACK_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")

_MOST_QUOTED_CHARACTERS: Final = 100
# Browsers alone send it, and no page can keep them from it.
_BROWSERS_HEADER: Final = "Sec-Fetch-Site"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused: a status for the other side, a sentence for the log.

    The sentence never repeats what may hold a token.
    """

    status: HTTPStatus
    reason: str


class Admission:
    """The rules of one listener. `origins` are those of the pages that may dial, as browsers write them."""

    def __init__(self, port: int, origins: Iterable[str]) -> None:
        self._hosts = frozenset(f"{name}:{port}" for name in LOOPBACK_NAMES)
        self._origins = frozenset(checked_origin(origin) for origin in origins)

    def refusal(self, request: Request) -> Refusal | None:
        """What is wrong with the request, the first thing of it; None when it may become a WebSocket."""
        checks = (_of_target, self._of_host, self._of_origin, _of_subprotocol)
        return next((refusal for check in checks if (refusal := check(request)) is not None), None)

    def _of_host(self, request: Request) -> Refusal | None:
        hosts = request.headers.get_all("Host")
        if len(hosts) == 1 and hosts[0].lower() in self._hosts:
            return None
        named = ", ".join(_quoted(host) for host in hosts) or "missing"
        return Refusal(HTTPStatus.MISDIRECTED_REQUEST, f"The host is {named}, not a name of this machine's loopback.")

    def _of_origin(self, request: Request) -> Refusal | None:
        origins = request.headers.get_all("Origin")
        if len(origins) == 1 and origins[0] in self._origins:
            return None
        if origins:
            named = ", ".join(_quoted(origin) for origin in origins)
            return Refusal(HTTPStatus.FORBIDDEN, f"The origin is {named}; it was not named as one that may dial.")
        if _BROWSERS_HEADER in request.headers:
            return Refusal(HTTPStatus.FORBIDDEN, "A browser has left out the origin of its page.")
        return None


def checked_origin(origin: str) -> str:
    """The origin as browsers write it. Raises ValueError for what is none: "*", "null", an address with a path."""
    parts = urlsplit(origin)
    whole = f"{parts.scheme}://{parts.netloc}"
    if whole != origin or not parts.scheme or not parts.hostname or "@" in parts.netloc or "*" in origin:
        msg = f"{origin!r} is no origin. One is a scheme, a host and mostly a port: http://127.0.0.1:5173"
        raise ValueError(msg)
    return origin.lower()


def _of_target(request: Request) -> Refusal | None:
    if request.method != "GET":
        return Refusal(HTTPStatus.METHOD_NOT_ALLOWED, f"The method is {_quoted(request.method)}, not GET.")
    if request.path != PATH:
        # The path is not repeated: whoever believes that tokens belong into addresses has put one there.
        return Refusal(HTTPStatus.NOT_FOUND, f"The path is not {PATH}.")
    return None


def _of_subprotocol(request: Request) -> Refusal | None:
    headers = request.headers.get_all("Sec-WebSocket-Protocol")
    try:
        offered = [name for value in headers for name in parse_subprotocol(value)]
    except InvalidHeaderFormat:
        offered = []
    if SUBPROTOCOL in offered:
        return None
    # What was offered is not repeated: some put tokens there.
    return Refusal(HTTPStatus.BAD_REQUEST, f"The subprotocol {SUBPROTOCOL} was not offered.")


def _quoted(value: str) -> str:
    return repr(value[:_MOST_QUOTED_CHARACTERS])
