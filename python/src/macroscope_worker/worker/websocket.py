"""The worker's door for browsers: a WebSocket, opened only when asked for, and the file that says how to use it."""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
from typing import TYPE_CHECKING, Final

from macroscope.rpc.v1.options_pb import Role

from macroscope_worker.rpc.protocol import PROTOCOL
from macroscope_worker.rpc.websocket_listener import WebSocketListener
from macroscope_worker.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from macroscope_worker.rpc.link import Link
    from macroscope_worker.rpc.server import Server

    from .arguments import Arguments

LOG = logging.getLogger(__name__)

WEBSOCKET_RECORD_NAME: Final = "websocket.json"
TOKEN_BYTES: Final = 32


class WebSocketDoor:
    """A listener, a token for each role, and the file that holds both. Whoever opened it closes it.

    The tokens stand in the file, which only its owner may read, and nowhere else.
    """

    def __init__(self, server: Server, path: Path) -> None:
        self._server = server
        self._path = path
        self._listener: WebSocketListener | None = None
        self._operator_token = secrets.token_hex(TOKEN_BYTES)
        self._viewer_token = secrets.token_hex(TOKEN_BYTES)

    @classmethod
    async def open(cls, server: Server, arguments: Arguments) -> WebSocketDoor:
        """Listen if the arguments ask for it.

        A port that cannot be had is told of in the log and no more: the worker has another door, and a microscope.
        """
        door = cls(server, arguments.runtime_directory / WEBSOCKET_RECORD_NAME)
        # One that a killed worker left leads nowhere.
        with contextlib.suppress(OSError):
            door._path.unlink()
        if arguments.websocket_port is not None:
            try:
                await door._listen(arguments.websocket_port, arguments.websocket_origins)
            except OSError as error:
                door.close()
                LOG.error("websocket not opened", extra={"reason": str(error)})  # noqa: TRY400 - no bug.
        return door

    def close(self) -> None:
        """Take no more links, and remove the file. Links that are open stay."""
        if self._listener is None:
            return
        self._listener.close()
        self._listener = None
        with contextlib.suppress(OSError, ValueError):
            if json.loads(self._path.read_text(encoding="utf-8")).get("operator_token") == self._operator_token:
                self._path.unlink()

    async def _listen(self, port: int, origins: tuple[str, ...]) -> None:
        self._listener = await WebSocketListener.start(self._accept, port=port, origins=origins)
        record = {
            "address": self._listener.address,
            "operator_token": self._operator_token,
            "viewer_token": self._viewer_token,
        }
        write_whole(self._path, json.dumps(record))
        LOG.info("websocket open", extra={"address": self._listener.address, "origins": origins})

    def _accept(self, link: Link) -> None:
        self._server.accept(
            link,
            tokens={self._operator_token: Role.OPERATOR, self._viewer_token: Role.VIEWER},
            authenticate_within_ms=PROTOCOL.authenticate_within_ms,
        )
