/**
 * Reads logs of any size. The way of a line:
 *
 *   open.ts       a path, a folder, an archive, standard input -> bytes that can be read anywhere (io/), and their format (formats/)
 *   opening/      which files a folder stands for, and which of them rotation has made of one log
 *   scan/         bytes -> chunks of columns: native lines at the level of bytes, the others record by record; here or in threads
 *   indexer.ts    chunks -> one table (columns/), messages joined (link/), several files merged by corrected time
 *   store.ts      the table and the files as rows: lines and events (event-reader.ts) parsed when they are asked for, state at a
 *                 row (state/), filter (filter/) and search (search/)
 *   share/        another thread reads the same rows in the same memory
 *   follow.ts     reads on as files grow, are rotated or truncated
 */
export {
  codeOfDirection,
  codeOfOpcode,
  codeOfRole,
  DIRECTIONS,
  DROP,
  FLAG_HEARTBEAT,
  FLAG_STATE,
  FLAG_UNMATCHED,
  OPCODE_CODES,
  RECV,
  ROLES,
  SEND,
} from './columns/codes.ts';
export { type Columns } from './columns/columns.ts';
export type { Dictionary } from './columns/dictionary.ts';
export { ABSENT, LARGEST, PAGE_BITS, PAGE_MASK, PAGE_ROWS } from './columns/layout.ts';
export type { Page } from './columns/page.ts';
export { CancelledError, LogStoreError, type LogStoreErrorCode } from './error.ts';
export { FILTER_WORDS, FilterError, type FilterWord } from './filter/ast.ts';
export { FIELD_NAMES } from './filter/fields.ts';
export { Filter, type FilteredRows, type FilterTarget, type ParsedFilter, parseFilter } from './filter/filter.ts';
export type { FormatDefinition } from './formats/definition.ts';
export { draftFormat, type Previewed, previewOf } from './formats/drafting.ts';
export type { LogFormat } from './formats/format.ts';
export { FORMATS } from './formats/index.ts';
export { unwrapped } from './formats/prefixes.ts';
export { readDefinition } from './formats/user.ts';
export type {
  FilterOptions,
  IndexingProgress,
  LineProblem,
  LogFile,
  LogNotice,
  LogStore,
  OpenOptions,
  PeerState,
  Row,
  SearchOptions,
  StoreChange,
  TailEntry,
} from './log-store.ts';
export { linesOfLog, openLog, openText, openTexts } from './open.ts';
export { SharedLog } from './share/shared-log.ts';
export type { SharedRows } from './share/shared-rows.ts';
export { type Sharing, shareRows } from './share/sharing.ts';
export { compareNames } from './state/peer-state.ts';
