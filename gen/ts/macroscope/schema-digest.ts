// Generated from all files of the schema. DO NOT EDIT.

/** SHA-256 over the schema, lower-case hexadecimal. */
export const SCHEMA_DIGEST = "ba2076dee67e98d6a3527ac82dbb5567d2745e6fddef967c94e47a07e8cf957f";
