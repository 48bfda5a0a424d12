"""What our decoder makes of bytes, in the words of test/vectors/malformed.json."""

from __future__ import annotations

from zlib import crc32

from macroscope.rpc.v1.frame_pb import Envelope, Hello, Message, Open, Part
from macroscope.rpc.v1.link_pb import LinkEnvelope
from tests.fuzz.canonical import canonical

from macroscope_worker.rpc.envelope import read_envelope
from macroscope_worker.rpc.frame import FrameError, decode_frame
from macroscope_worker.rpc.outbox import ProtocolBreak
from macroscope_worker.rpc.protocol import PROTOCOL
from macroscope_worker.rpc.validation import violations_of


def verdict_of(data: bytes, *, whole: bool = False) -> str:
    """The word for what is wrong, "rules", or the content. Anything else that is raised is a fault of ours."""
    try:
        frame = decode_frame(data)
        envelope = Envelope if frame.connection else LinkEnvelope
        try:
            read = envelope.from_binary(frame.envelope)
        except (ValueError, RecursionError):
            return _agree("envelope", frame)
        kind = read.kind
        if kind is None or (len(frame.tail) and not isinstance(kind.value, (Message, Open, Part))):
            return _agree("envelope", frame)
        other_major = isinstance(kind.value, Hello) and kind.value.protocol_major != PROTOCOL.major
        if not other_major and violations_of(read):
            return _agree("rules" if frame.connection else "envelope", frame)
        said = canonical(read)
        verdict = f"{frame.lane} {frame.connection} {said if whole else crc32(said.encode())} {crc32(frame.tail)}"
        return _agree(verdict, frame)
    except FrameError as error:
        return str(error.fault)
    except Exception as error:
        return f"crash: {type(error).__name__} {error}".replace("\n", " ")


def _agree(verdict: str, frame: object) -> str:
    """The verdict, if the function that the connection reads with says yes or no as we do."""
    if getattr(frame, "connection", 0) == 0:
        return verdict
    try:
        read_envelope(frame, PROTOCOL.major)  # type: ignore[arg-type]
    except (ProtocolBreak, RecursionError):
        return verdict if verdict in ("envelope", "rules") else f"crash: read_envelope refuses {verdict}"
    return verdict if verdict not in ("envelope", "rules") else f"crash: read_envelope takes {verdict}"
