import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Load, Measured } from './measure.ts';

/** Where Debian's golang-etcd-server-dev puts its sources. */
const GOPATH = '/usr/share/gocode';
const SOURCE = join(import.meta.dirname, '../../bench/etcd/main.go');

/** Runs the same load on etcd's raft. */
export type Peer = (load: Load, durationMs: number) => Measured;

/** Builds the Go program beside this one. Gives the reason where that is not possible here. */
export function buildPeer(): Peer | { readonly reason: string } {
  if (!existsSync(join(GOPATH, 'src/go.etcd.io/etcd/raft'))) {
    return { reason: 'the sources of etcd are not installed (apt-get install golang-go golang-etcd-server-dev)' };
  }
  const folder = join(import.meta.dirname, '../../.cache');
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'etcd-core');
  const build = spawnSync('go', ['build', '-o', program, SOURCE], {
    env: { ...process.env, GO111MODULE: 'off', GOPATH },
    encoding: 'utf8',
  });
  if (build.status !== 0) {
    const missing = build.error !== undefined && 'code' in build.error && build.error.code === 'ENOENT';
    return {
      reason: missing
        ? 'Go is not installed (apt-get install golang-go)'
        : `go build failed: ${build.error?.message ?? build.stderr.trim()}`,
    };
  }
  return (load, durationMs) => run(program, load, durationMs);
}

function run(program: string, { servers, size, window, batch }: Load, durationMs: number): Measured {
  const options = { servers, size, window, batch, ms: durationMs };
  const flags = Object.entries(options).map(([name, value]) => `-${name}=${value}`);
  const { status, stdout, stderr } = spawnSync(program, flags, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${program} ${flags.join(' ')} failed: ${stderr}`);
  }
  const figures: unknown = JSON.parse(stdout);
  const figure = (name: string): number => Number(new Map(Object.entries(figures ?? {})).get(name));
  return {
    commitsPerS: figure('commitsPerS'),
    messagesPerCommit: figure('messagesPerCommit'),
    bytesPerCommit: figure('bytesPerCommit'),
  };
}
