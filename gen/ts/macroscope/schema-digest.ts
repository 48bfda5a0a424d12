// Generated from all files of the schema. DO NOT EDIT.

/** SHA-256 over the schema, lower-case hexadecimal. */
export const SCHEMA_DIGEST = "5a08c78bd74613fa6eee753ce26e0b0dfe877dc5ee0c4b5ee7039cc28a8dab97";
