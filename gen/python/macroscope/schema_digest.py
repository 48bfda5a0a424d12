# Generated from all files of the schema. DO NOT EDIT.
"""The digest of the schema."""

from typing import Final

SCHEMA_DIGEST: Final = "7bcb53484f5ac23543ad65adcd4528b5e1860e4423c4afe985872ec48b950418"
"""SHA-256 over the schema, lower-case hexadecimal."""
