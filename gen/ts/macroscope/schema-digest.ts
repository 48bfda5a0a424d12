// Generated from all files of the schema. DO NOT EDIT.

/** SHA-256 over the schema, lower-case hexadecimal. */
export const SCHEMA_DIGEST = "edfe0e2871cb45ee8440e82a6ed02541cc3f698db7503e987cf94d6bed592add";
