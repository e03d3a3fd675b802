/** The rows of a page: row r stands in page r >> PAGE_BITS at r & PAGE_MASK. */
export const PAGE_BITS = 16;
export const PAGE_ROWS = 1 << PAGE_BITS;
export const PAGE_MASK = PAGE_ROWS - 1;

/** The value of a number column where the line has none, and the largest that it can hold; larger numbers stand as that. */
export const ABSENT = 0xffffffff;
export const LARGEST = 0xfffffffe;
