// Generated from all files of the schema. DO NOT EDIT.

/** SHA-256 over the schema, lower-case hexadecimal. */
export const SCHEMA_DIGEST = "711cdbdb4f4d56e7d03766d6dae997d49f73812b56551c8c2365c2b8c38d49ec";
