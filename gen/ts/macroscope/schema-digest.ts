// Generated from all files of the schema. DO NOT EDIT.

/** SHA-256 over the schema, lower-case hexadecimal. */
export const SCHEMA_DIGEST = "b521899ebfb48205897594f3f979c6f5a6b492970b1fe9561cb8ae114b7deea3";
