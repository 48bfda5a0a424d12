# Generated from all files of the schema. DO NOT EDIT.
"""The digest of the schema."""

from typing import Final

SCHEMA_DIGEST: Final = "edfe0e2871cb45ee8440e82a6ed02541cc3f698db7503e987cf94d6bed592add"
"""SHA-256 over the schema, lower-case hexadecimal."""
