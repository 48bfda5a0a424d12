# Generated from all files of the schema. DO NOT EDIT.
"""The digest of the schema."""

from typing import Final

SCHEMA_DIGEST: Final = "b521899ebfb48205897594f3f979c6f5a6b492970b1fe9561cb8ae114b7deea3"
"""SHA-256 over the schema, lower-case hexadecimal."""
