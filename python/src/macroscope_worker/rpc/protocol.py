"""The numbers that both ends must agree on, read from the schema."""

from __future__ import annotations

from typing import Final

from macroscope.rpc.v1 import frame_pb
from macroscope.rpc.v1.options_pb import Protocol, ext_protocol


def _protocol_option() -> Protocol:
    options = frame_pb.desc().proto.options
    if options is None:
        msg = "frame.proto carries no options: the generated code is not of this program."
        raise RuntimeError(msg)
    return options[ext_protocol]


PROTOCOL: Final[Protocol] = _protocol_option()
"""The `protocol` option of frame.proto."""

NS_PER_MS: Final = 1_000_000
"""Nanoseconds in a millisecond."""

PARTS_SINCE_MINOR: Final = 1
"""The minor version that brought parts and the credit of connections."""

LINK_CONNECTION: Final = 0
"""The number of the connection that is the link itself."""

BARE_CONNECTION: Final = 1
"""The number of the only connection of a link that carries one."""
