/** Largest file that is read. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024
/** Deepest nesting of a document, aliases counted as what they mean; the file format needs 7. */
export const MAX_DEPTH = 64
/** Values in a document; 100,000 peers need about 600,000. */
export const MAX_VALUES = 2_500_000
/** Values that aliases mean in a document, over and above those that are written. */
export const MAX_ALIASED_VALUES = 500_000
/** Members of one mapping. */
export const MAX_MEMBERS = 10_000
