// Generated from all files of the schema. DO NOT EDIT.

/** SHA-256 over the schema, lower-case hexadecimal. */
export const SCHEMA_DIGEST = "7bcb53484f5ac23543ad65adcd4528b5e1860e4423c4afe985872ec48b950418";
