// Generated from all files of the schema. DO NOT EDIT.

/** SHA-256 over the schema, lower-case hexadecimal. */
export const SCHEMA_DIGEST = "40060e2b90b1bf5c0aca208c8e4d71e055e16c0312b8dcebb1f8edb7cd8827bb";
