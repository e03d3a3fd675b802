import type { LogView } from '../log.ts';

/**
 * What a finished write proves: the log is durable up to the write's last entry, if the log still holds that very entry. The index alone
 * proves nothing, because the entry may have been truncated and replaced while the write was under way.
 */
export function durableAfterWrite(log: LogView, durableIndex: number, writtenIndex: number, writtenTerm: number): number {
  return writtenIndex > durableIndex && log.termAt(writtenIndex) === writtenTerm ? writtenIndex : durableIndex;
}
