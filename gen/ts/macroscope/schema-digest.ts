// Generated from all files of the schema. DO NOT EDIT.

/** SHA-256 over the schema, lower-case hexadecimal. */
export const SCHEMA_DIGEST = "62ad714512899703a2f2cf87093577f727f5b8c609be029106643bb78badedac";
