"""What people have to be told, and who has seen it."""

from __future__ import annotations
