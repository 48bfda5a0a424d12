"""The bytes that both languages' programs fill payloads and tails with."""

from __future__ import annotations


def pattern(length: int, shift: int = 0) -> bytes:
    """Byte i is (i + shift) & 255."""
    once = bytes((index + shift) & 255 for index in range(256))
    return (once * (length // 256 + 1))[:length]
