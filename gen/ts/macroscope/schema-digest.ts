// Generated from all files of the schema. DO NOT EDIT.

/** SHA-256 over the schema, lower-case hexadecimal. */
export const SCHEMA_DIGEST = "20ccfa40de8a34ad63b04a0a6994963fce2daab47d613bb45409d952aff75f57";
