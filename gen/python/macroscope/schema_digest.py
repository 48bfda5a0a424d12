# Generated from all files of the schema. DO NOT EDIT.
"""The digest of the schema."""

from typing import Final

SCHEMA_DIGEST: Final = "99146ba748ebecec09fc12cd596238de26f05c878930144df8f6487a8a5b645e"
"""SHA-256 over the schema, lower-case hexadecimal."""
