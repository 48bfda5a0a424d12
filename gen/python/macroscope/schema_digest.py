# Generated from all files of the schema. DO NOT EDIT.
"""The digest of the schema."""

from typing import Final

SCHEMA_DIGEST: Final = "6e26792e20bda1054ff30c7b91799446a22c14653805e7b3984eccf4d15bb21f"
"""SHA-256 over the schema, lower-case hexadecimal."""
