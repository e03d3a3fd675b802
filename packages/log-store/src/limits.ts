/** A name (of a node, of a key) that is longer is no name: the line counts as one that no format knows. */
export const NAME_BYTES_MAX = 256;

/** So many different names are told apart, far more than there are servers: who has more took something else for a name. */
export const NAMES_MAX = 1 << 20;

/**
 * Of a line that is longer, readers decode no event and give only the start: 10 MB of JSON in one line is damage, not a log. No buffer
 * grows beyond it.
 */
export const LINE_BYTES_MAX = 16 * 1024 * 1024;
