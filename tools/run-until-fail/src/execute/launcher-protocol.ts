import { constants } from 'node:os';

/**
 * What the tool and a launcher say to each other over its standard streams. A launcher does what no test can do without, and nothing else: it
 * starts commands, says how they ended, and ends them with SIGKILL when its input closes. Everything that has to be decided is decided by the tool.
 *
 * Requests are lists of words, so that a launcher needs no library to read them: the size of the list, then each word with its size before it
 * (bytes; 32 bits, big endian).
 *
 *     plan DIRECTORY NAME=VALUE...                 before all others: where commands run, and their whole environment
 *     start NUMBER OUTPUT COUNT NAME=VALUE... WORD...   COUNT more variables, then the command; both its streams are appended to OUTPUT
 *     forget PID                                   what was left behind in this group has been seen to
 *
 * Answers are lines.
 *
 *     ready
 *     started NUMBER PID                           PID is a process group of its own, or about to be
 *     failed NUMBER ERRNO STAGE                    instead of running: could not start a process, enter its directory, open its output or become its command
 *     exited NUMBER STATUS LEFT STRAYS SPENT       STATUS as waitpid(2) gives it; LEFT is 1 when others of its group live on, STRAYS when
 *                                                  the launcher has adopted processes of some command: they may have left their group;
 *                                                  SPENT are the microseconds that its processes were on a processor, or a dash
 *     spent PID SPENT                              to forget: what those of the group spent that ended after the command
 */
export type LaunchRequest =
  | { readonly type: 'plan'; readonly directory: string; readonly environment: Readonly<Record<string, string>> }
  | ({ readonly type: 'start'; readonly number: number } & LaunchCommand)
  | { readonly type: 'forget'; readonly pid: number };

export interface LaunchCommand {
  readonly words: readonly string[];
  /** Beside the plan's. */
  readonly environment: Readonly<Record<string, string>>;
  readonly output: string;
}

export type Answer =
  | { readonly type: 'ready' }
  | { readonly type: 'started'; readonly number: number; readonly pid: number }
  | { readonly type: 'failed'; readonly number: number; readonly errno: number; readonly stage: Stage }
  | {
      readonly type: 'exited';
      readonly number: number;
      readonly status: number;
      readonly left: boolean;
      readonly strays: boolean;
      readonly spentUs: number | null;
    }
  | { readonly type: 'spent'; readonly pid: number; readonly spentUs: number | null };

const STAGES = ['start', 'directory', 'output', 'command'] as const;
export type Stage = (typeof STAGES)[number];

export function encodeRequest(request: LaunchRequest): Buffer {
  const words = wordsOf(request).map((word) => Buffer.from(word));
  const bytes = words.reduce((sum, word) => sum + 4 + word.length, 0);
  const frame = Buffer.allocUnsafe(4 + bytes);
  let at = frame.writeUInt32BE(bytes, 0);
  for (const word of words) {
    at = frame.writeUInt32BE(word.length, at);
    at += word.copy(frame, at);
  }
  return frame;
}

function wordsOf(request: LaunchRequest): readonly string[] {
  switch (request.type) {
    case 'plan':
      return ['plan', request.directory, ...assignments(request.environment)];
    case 'start': {
      const own = assignments(request.environment);
      return ['start', String(request.number), request.output, String(own.length), ...own, ...request.words];
    }
    case 'forget':
      return ['forget', String(request.pid)];
  }
}

function assignments(environment: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}

/** Takes requests out of a stream of bytes that comes in any pieces. */
export class RequestReader {
  #rest: Buffer = Buffer.alloc(0);

  read(chunk: Buffer): readonly (readonly string[])[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const requests: string[][] = [];
    while (this.#rest.length >= 4) {
      const end = 4 + this.#rest.readUInt32BE(0);
      if (this.#rest.length < end) break;
      requests.push(wordsIn(this.#rest.subarray(4, end)));
      this.#rest = this.#rest.subarray(end);
    }
    return requests;
  }
}

function wordsIn(list: Buffer): string[] {
  const words: string[] = [];
  for (let at = 0; at < list.length; ) {
    const start = at + 4;
    at = start + list.readUInt32BE(at);
    words.push(list.toString('utf8', start, at));
  }
  return words;
}

export function encodeAnswer(answer: Answer): string {
  switch (answer.type) {
    case 'ready':
      return 'ready\n';
    case 'started':
      return `started ${answer.number} ${answer.pid}\n`;
    case 'failed':
      return `failed ${answer.number} ${answer.errno} ${answer.stage}\n`;
    case 'exited':
      return `exited ${answer.number} ${answer.status} ${answer.left ? 1 : 0} ${answer.strays ? 1 : 0} ${answer.spentUs ?? '-'}\n`;
    case 'spent':
      return `spent ${answer.pid} ${answer.spentUs ?? '-'}\n`;
  }
}

/** Null for what no launcher says. */
export function decodeAnswer(line: string): Answer | null {
  const [type, first, second, third, fourth, fifth] = line.split(' ');
  const number = Number(first);
  switch (type) {
    case 'ready':
      return { type };
    case 'started':
      return { type, number, pid: Number(second) };
    case 'failed':
      return { type, number, errno: Number(second), stage: STAGES.find((stage) => stage === third) ?? 'start' };
    case 'exited':
      return { type, number, status: Number(second), left: third === '1', strays: fourth === '1', spentUs: spentOf(fifth) };
    case 'spent':
      return { type, pid: number, spentUs: spentOf(second) };
    default:
      return null;
  }
}

function spentOf(word: string | undefined): number | null {
  return word === undefined || word === '-' ? null : Number(word);
}

const SIGNAL_OF = new Map<number, string>();
for (const [name, number] of Object.entries(constants.signals)) if (!SIGNAL_OF.has(number)) SIGNAL_OF.set(number, name);

/** The two halves of a status of waitpid(2): exactly one of them is null. */
export function splitStatus(status: number): { readonly code: number | null; readonly signal: string | null } {
  const signal = status & 0x7f;
  return signal === 0 ? { code: status >> 8, signal: null } : { code: null, signal: SIGNAL_OF.get(signal) ?? `signal ${signal}` };
}

export function joinStatus(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? 0) << 8 : constants.signals[signal];
}
