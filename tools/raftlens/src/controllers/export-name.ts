import { basename } from 'node:path';
import type { LogDocument } from '../model/document.ts';

/** A name in the current folder that says where the lines came from. */
export function defaultExportPath({ name }: LogDocument): string {
  const stem = basename(name).replace(/\.(ndjson|log|jsonl|json)(\.gz|\.zst)?$/, '');
  return `${stem === '' || stem === '-' ? 'log' : stem}-filtered.ndjson`;
}
