import { mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseSession, type ViewSession } from '../controllers/session.ts';
import { remark } from './output.ts';

const SESSIONS_MAX = 50;

/** Where sessions are kept: XDG Base Directory Specification, "state" data. */
function sessionsPath(): string {
  const base = process.env['XDG_STATE_HOME'] ?? '';
  return join(base === '' ? join(homedir(), '.local', 'state') : base, 'raftlens', 'sessions.json');
}

/**
 * What names a log: the real paths, because logs/latest is a new log with every run. A file that is shorter than when the
 * session was left is another log under the same name.
 */
interface Kept {
  readonly key: string;
  readonly bytes: number;
  readonly session: unknown;
}

export function loadSession(paths: readonly string[]): ViewSession | null {
  const identity = identityOf(paths);
  if (identity === null) return null;
  const kept = readAll().find(({ key }) => key === identity.key);
  return kept === undefined || kept.bytes > identity.bytes ? null : parseSession(kept.session);
}

/** Keeps the session. A state folder that cannot be written is no reason to fail: the log was looked at all the same. */
export function saveSession(paths: readonly string[], session: ViewSession): void {
  const identity = identityOf(paths);
  if (identity === null) return;
  const others = readAll().filter(({ key }) => key !== identity.key);
  const all: readonly Kept[] = [...others, { ...identity, session }].slice(-SESSIONS_MAX);
  const path = sessionsPath();
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(all));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    remark(`the session could not be kept in ${path}`);
  }
}

function identityOf(paths: readonly string[]): { readonly key: string; readonly bytes: number } | null {
  if (paths.includes('-')) return null;
  try {
    const real = paths.map((path) => realpathSync(path));
    return { key: real.join('\n'), bytes: real.reduce((sum, path) => sum + statSync(path).size, 0) };
  } catch {
    return null;
  }
}

function readAll(): readonly Kept[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(sessionsPath(), 'utf8'));
  } catch {
    return [];
  }
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((item: unknown): Kept[] => {
    if (typeof item !== 'object' || item === null) return [];
    const key: unknown = Reflect.get(item, 'key');
    const bytes: unknown = Reflect.get(item, 'bytes');
    return typeof key === 'string' && typeof bytes === 'number' ? [{ key, bytes, session: Reflect.get(item, 'session') }] : [];
  });
}
