// Generated from all files of the schema. DO NOT EDIT.

/** SHA-256 over the schema, lower-case hexadecimal. */
export const SCHEMA_DIGEST = "4e7d82668bc14307f841b8fb9c3cb72973994e13e2a210ca4d4b5c4ed281a361";
