import { decodeBytes, decodeLine, type LineError } from '@raftlens/events';
import type { Decoded, LogFormat } from './format.ts';

/** raftlens's own line: see docs/EVENTS.md. */
export const nativeFormat: LogFormat = {
  name: 'native',
  title: 'raftlens events (NDJSON, docs/EVENTS.md)',
  record: 'line',
  decode(record: string): Decoded {
    const decoded = decodeLine(record);
    if (decoded.error !== undefined) return reasonOf(decoded.error);
    return { event: decoded.event, level: levelOf(record) };
  },
  decodeBytes(record: Uint8Array) {
    const decoded = decodeBytes(record);
    return decoded.error === undefined ? { event: decoded.event } : reasonOf(decoded.error);
  },
};

function reasonOf({ reason, column }: LineError): { readonly reason: string } {
  return { reason: `${reason} (column ${column})` };
}

const LEVEL_FIRST = /^\{"level":(\d+),/;

/** pino's level, which pino writes first; the line is already known to be an object of JSON. */
function levelOf(record: string): number {
  const first = LEVEL_FIRST.exec(record)?.[1];
  if (first !== undefined) return Number(first);
  const line: unknown = JSON.parse(record);
  const level = typeof line === 'object' && line !== null && 'level' in line ? line.level : 30;
  return typeof level === 'number' ? level : 30;
}
