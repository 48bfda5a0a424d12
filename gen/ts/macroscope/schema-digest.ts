// Generated from all files of the schema. DO NOT EDIT.

/** SHA-256 over the schema, lower-case hexadecimal. */
export const SCHEMA_DIGEST = "99146ba748ebecec09fc12cd596238de26f05c878930144df8f6487a8a5b645e";
