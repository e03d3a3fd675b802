// Entries of the log, as a host keeps them on its disk.
export { type Command, digestOfCommand } from '../command.ts';
export { createEntry, type EntryKind, type LogEntry } from '../entry.ts';
