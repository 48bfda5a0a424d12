"""What a message says, as text that both languages write alike.

Fields by number; defaults and unknown ones are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protobuf import ScalarType

if TYPE_CHECKING:
    from collections.abc import Callable

    from protobuf import Message

_WRITERS: dict[str, list[tuple[int, str, str | None, Callable[[Any], str | None]]]] = {}


def canonical(message: Message[Any]) -> str:
    """The message as text."""
    desc = type(message).desc()
    writers = _WRITERS.get(desc.type_name)
    if writers is None:
        writers = _WRITERS[desc.type_name] = _writers(desc)
    parts = []
    for number, name, oneof, write in writers:
        if oneof is None:
            value = getattr(message, name)
        else:
            kind = getattr(message, oneof)
            value = kind.value if kind is not None and kind.field == name else None
        text = None if value is None else write(value)
        if text is not None:
            parts.append(f"{number}:{text}")
    return f"{{{','.join(parts)}}}"


def _writers(desc: Any) -> list[tuple[int, str, str | None, Callable[[Any], str | None]]]:
    writers = []
    for field in sorted(desc.fields, key=lambda each: each.number):
        kind = type(field.value).__name__
        oneof = getattr(field.value, "oneof", None)
        name = None if oneof is None else getattr(oneof, "local_name", oneof.name)
        if kind == "DescFieldValueMessage":
            write: Callable[[Any], str | None] = canonical
        elif kind == "DescFieldValueList":
            write = _list
        elif kind == "DescFieldValueMap":
            write = _map
        elif kind == "DescFieldValueEnum":
            write = _enum
        else:
            write = _scalar(field.value.scalar)
        writers.append((field.number, field.local_name, name, write))
    return writers


def _list(values: Any) -> str | None:
    return f"[{','.join(canonical(value) for value in values)}]" if values else None


def _map(values: Any) -> str | None:
    if not values:
        return None
    entries = sorted(f"{key.encode().hex()}={value.encode().hex()}" for key, value in values.items())
    return f"<{','.join(entries)}>"


def _enum(value: Any) -> str | None:
    return str(int(value)) if value else None


def _scalar(scalar: ScalarType) -> Callable[[Any], str | None]:
    if scalar == ScalarType.STRING:
        return lambda value: value.encode().hex() if value else None
    if scalar == ScalarType.BYTES:
        return lambda value: bytes(value).hex() if len(value) else None
    if scalar == ScalarType.BOOL:
        return lambda value: "1" if value else None
    return lambda value: str(value) if value else None
