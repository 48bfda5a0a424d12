# Generated from all files of the schema. DO NOT EDIT.
"""The digest of the schema."""

from typing import Final

SCHEMA_DIGEST: Final = "5a08c78bd74613fa6eee753ce26e0b0dfe877dc5ee0c4b5ee7039cc28a8dab97"
"""SHA-256 over the schema, lower-case hexadecimal."""
