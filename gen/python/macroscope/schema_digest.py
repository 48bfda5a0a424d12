# Generated from all files of the schema. DO NOT EDIT.
"""The digest of the schema."""

from typing import Final

SCHEMA_DIGEST: Final = "4e7d82668bc14307f841b8fb9c3cb72973994e13e2a210ca4d4b5c4ed281a361"
"""SHA-256 over the schema, lower-case hexadecimal."""
