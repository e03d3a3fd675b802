import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { type LogStore, openLog } from '../src/index.ts';
import { ELECTION, textOfLog } from './lines.ts';

const it = suite('files made at random');

/** A few in the suite, 10,000 by hand: HOSTILE_INPUTS=10000. */
function inputCount(fewer: number): number {
  return Number(process.env['HOSTILE_INPUTS'] ?? fewer);
}

let state = 1;
function below(limit: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

const TEXT = textOfLog(ELECTION);

/** What is packed: logs, long lines, many empty ones, nothing. */
function content(): string {
  const kinds = [
    () => TEXT,
    () => TEXT.repeat(1 + below(20)),
    () => `${TEXT}${'x'.repeat(1 + below(3_000_000))}\n${TEXT}`,
    () => '\n'.repeat(1 + below(50_000)),
    () => '',
    () => TEXT.slice(0, below(TEXT.length)),
  ];
  return kinds[below(kinds.length)]?.() ?? '';
}

const NO_ZSTD = spawnSync('zstd', ['--version']).error !== undefined;

function packed(text: string): readonly [name: string, bytes: Buffer] {
  const way = below(NO_ZSTD ? 3 : 6);
  if (way < 3) return ['a.log.gz', gzipSync(text, { level: 1 + below(9) })];
  const options = [[], ['--long=31'], ['-1', '--check'], ['--ultra', '-20', '--long=27']][below(4)] ?? [];
  return ['a.log.zst', execFileSync('zstd', ['-q', '-c', ...options], { input: text, maxBuffer: 2 ** 26 })];
}

/** Cut, followed by something, twice in a row, overwritten, or what another program packed. */
function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const ways = [
    () => copy.subarray(0, below(copy.length + 1)),
    () => Buffer.concat([copy, Buffer.from('and more')]),
    () => Buffer.concat([copy, copy]),
    () => Buffer.concat([copy, copy.subarray(0, below(copy.length + 1))]),
    () => overwritten(copy, 1 + below(8)),
    () => brotliCompressSync(copy.subarray(0, 1000)),
  ];
  return ways[below(ways.length)]?.() ?? copy;
}

function overwritten(bytes: Buffer, times: number): Buffer {
  for (let done = 0; done < times && bytes.length > 0; done++) bytes[below(bytes.length)] = below(256);
  return bytes;
}

async function read(path: string, options: Parameters<typeof openLog>[1] = {}): Promise<LogStore | null> {
  try {
    const log = await openLog(path, { workers: 0, ...options });
    await log.done;
    return log;
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null;
    assert.ok(typeof code === 'string' && !code.startsWith('ERR_'), String(error));
    return null;
  }
}

it('packed and damaged: each is read as far as it goes, or refused, in bounded memory', { timeoutMs: 3_600_000 }, async () => {
  const folder = temporaryFolder();
  const before = process.memoryUsage.rss();
  let whole = 0;
  for (let input = 0; input < inputCount(40); input++) {
    const text = content();
    const [name, bytes] = packed(text);
    const isWhole = below(3) === 0;
    const path = join(folder, `${input}-${name}`);
    writeFileSync(path, isWhole ? bytes : damaged(bytes));
    const log = await read(path);
    for (let row = 0; log !== null && row < Math.min(log.size, 50); row++) log.text(row, 200);
    if (isWhole && text.endsWith('\n')) {
      // With --long=31 zstd asks for two gigabytes to unpack: that is refused, and said.
      const refused = log?.notices.some(({ code }) => code === 'BAD_ARCHIVE') === true && name.endsWith('.zst');
      if (!refused) assert.is(log?.size, text.split('\n').length - 1, path);
      whole += refused ? 0 : 1;
    }
    log?.close();
    rmSync(path);
  }
  assert.ok(whole > 0);
  assert.ok(process.memoryUsage.rss() - before < 600e6, `${process.memoryUsage.rss() - before} bytes more`);
});

const LARGE = TEXT.repeat(Math.ceil((4.2 * 2 ** 20) / TEXT.length));

it('with an index of a stranger: no line is hidden, and none is made up', { timeoutMs: 3_600_000 }, async () => {
  const path = join(temporaryFolder(), 'large.ndjson');
  writeFileSync(path, LARGE);
  const size = (await read(path, { keepIndex: true }))?.size ?? 0;
  assert.is(size, LARGE.split('\n').length - 1);
  const index = readFileSync(`${path}.rlindex`);
  for (let input = 0; input < inputCount(30); input++) {
    const changed = below(4) === 0 ? Buffer.from(index.subarray(0, below(index.length))) : overwritten(Buffer.from(index), 1 + below(200));
    writeFileSync(`${path}.rlindex`, changed);
    const log = await read(path, { keepIndex: true });
    assert.is(log?.size, size);
    for (let at = 0; at < 40; at++) {
      const row = below(size);
      assert.is(log?.line(row), LARGE_LINES[row]);
      log?.event(row);
      log?.partnerOf(row);
    }
    log?.close();
  }
});

const LARGE_LINES = LARGE.split('\n');
