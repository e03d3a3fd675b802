import type { ArrivedAppend } from './requests.ts';
import type { ServerLog } from './server-log.ts';

/** Whether a candidate's log is at least as up-to-date as the voter's (5.4.1). */
export function isUpToDate(log: Pick<ServerLog, 'last' | 'lastTerm'>, lastIndex: number, lastTerm: number): boolean {
  return lastTerm > log.lastTerm || (lastTerm === log.lastTerm && lastIndex >= log.last);
}

/**
 * Whether the log holds prevLogTerm at prevLogIndex. What a snapshot stands for is committed, and so matches any leader; where prevLogTerm
 * is not told (-1), the index alone has to do.
 */
export function matchesPrev(log: ServerLog, prev: number, prevTerm: number): boolean {
  if (prev < log.base || prev === 0) return true;
  if (prevTerm < 0) return prev <= log.last;
  const term = log.termAt(prev);
  return term === prevTerm || (prev === log.base && term < 0);
}

/** Whether the log holds the request's entry at `index`, or a snapshot stands for it. */
export function holdsAt(log: ServerLog, request: ArrivedAppend, index: number): boolean {
  if (index <= log.base) return true;
  if (index <= request.prev) return index <= log.last;
  const digest = request.entries?.[index - request.prev - 1];
  return digest === undefined ? index <= log.last : log.termAt(index) === digest.term;
}
