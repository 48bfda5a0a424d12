// Generated from all files of the schema. DO NOT EDIT.

/** SHA-256 over the schema, lower-case hexadecimal. */
export const SCHEMA_DIGEST = "a8411bcd856cb824d8a2bd723602c46381f3fe84883faf9e9783c4a2a3544d57";
