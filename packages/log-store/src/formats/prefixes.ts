/**
 * What stands before a program's own line when something else has carried it: a container runtime, a journal, a test runner. It tells who
 * wrote the line, and when.
 */
export interface Peeled {
  readonly rest: string;
  readonly time?: string | undefined;
  /** The machine that the line was written on. */
  readonly host?: string | undefined;
  /** The process, container or pod on that machine. */
  readonly app?: string | undefined;
}

const NAME = '[\\w.-]+';
const ISO = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)';
/** `host program[12]: `, as syslog and the journal write it. */
const HOST_AND_APP = `(?<host>${NAME}) (?<app>[\\w./@-]+)(?:\\[\\d+\\])?: (?<rest>.*)$`;

/** Each is anchored, and no part of it can match in two ways: the time is linear in the length of the line. */
const PATTERNS: readonly RegExp[] = [
  // goreman, foreman: `14:20:00 node1 | `
  `^(?<time>\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?) +(?<app>${NAME}) +\\| ?(?<rest>.*)$`,
  // docker compose `store-1  | `, docker service logs `store.1.x7@host    | `
  `^(?<app>${NAME})(?:@(?<host>${NAME}))? +\\| ?(?<rest>.*)$`,
  // kubectl logs --prefix
  `^\\[pod/(?<app>${NAME})(?:/${NAME})?\\] (?<rest>.*)$`,
  // CRI, as in /var/log/pods
  `^(?<time>${ISO}) (?:stdout|stderr) [FP] (?<rest>.*)$`,
  // GitHub Actions, alone or with job and step before it; docker logs -t, kubectl logs --timestamps
  `^(?:[^\\t]{1,200}\\t[^\\t]{1,200}\\t)?\\uFEFF?(?<time>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6,9}Z) (?<rest>.*)$`,
  // syslog of RFC 5424
  `^(?:<\\d{1,3}>)?1 (?<time>${ISO}) (?<host>\\S+) (?<app>\\S+) \\S+ \\S+ (?:-|\\[[^\\]]*\\]) ?\\uFEFF?(?<rest>.*)$`,
  // syslog of RFC 3164, journalctl
  `^(?:<\\d{1,3}>)?(?<time>[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?) ${HOST_AND_APP}`,
  // journalctl -o short-iso, rsyslog
  `^(?<time>${ISO}) ${HOST_AND_APP}`,
  // journalctl -o short-full
  `^[A-Z][a-z]{2} (?<time>\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?) [A-Z]{3,5} ${HOST_AND_APP}`,
  // journalctl -o short-unix
  `^(?<time>\\d{10}\\.\\d{6}) ${HOST_AND_APP}`,
  // Go's log package, with or without the place in the code
  `^(?<time>\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?) (?:[\\w./-]+\\.go:\\d+: )?(?<rest>.*)$`,
  // What Go's tests and other runners indent, and the place in the code that t.Log writes
  '^(?=[ \\t]|[\\w.-]+\\.go:)[ \\t]*(?:[\\w.-]+\\.go:\\d+: )?(?<rest>\\S.*)$',
  // A tag that is no name: `[raft] `
  '^\\[[\\w.-]{1,40}\\] (?<rest>(?:\\d{4}|\\{|\\[).*)$',
].map((pattern) => new RegExp(pattern, 's'));

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[mK]`, 'g');

/** The line without what colours it on a terminal. */
export function withoutColour(line: string): string {
  return line.includes('\u001b') ? line.replace(COLOUR, '') : line;
}

/** The line without its outermost prefix; null where it has none that is known. */
export function peel(line: string): Peeled | null {
  if (line.startsWith('{')) return peelJson(line);
  for (const pattern of PATTERNS) {
    const groups = pattern.exec(line)?.groups;
    if (groups === undefined) continue;
    const { rest = '', time, host, app } = groups;
    return rest === line ? null : { rest, time, host, app };
  }
  return null;
}

/** So many prefixes may stand before each other. */
export const PREFIXES_MAX = 6;

/** The line without colours, then without its outermost prefix, and so on to what its program wrote. */
export function unwrapped(line: string): string[] {
  const lines = [withoutColour(line)];
  for (let rest: string | undefined = lines[0]; rest !== undefined && lines.length <= PREFIXES_MAX; ) {
    rest = peel(rest)?.rest;
    if (rest !== undefined) lines.push(rest);
  }
  return lines;
}

/** Docker's json-file driver, what fluentd makes of it, `journalctl -o json`, and `go test -json`. */
function peelJson(line: string): Peeled | null {
  // Most JSON is the program's own: it is not parsed twice for nothing.
  if (!line.includes('"log"') && !line.includes('"MESSAGE"') && !line.includes('"Output"')) return null;
  const json = objectOf(line);
  if (json === null) return null;
  const { log, time, kubernetes } = json;
  if (json['Action'] === 'output' && typeof json['Output'] === 'string') {
    return { rest: json['Output'].trimEnd(), time: textOf(json['Time']) };
  }
  if (typeof log === 'string') return { rest: log.trimEnd(), time: textOf(time), app: podOf(kubernetes) };
  const rest = textOf(json['MESSAGE']) ?? bytesOf(json['MESSAGE']);
  if (rest === undefined) return null;
  const micros = textOf(json['__REALTIME_TIMESTAMP']);
  return {
    rest: rest.trimEnd(),
    time: micros === undefined ? undefined : `${micros.slice(0, -6)}.${micros.slice(-6)}`,
    host: textOf(json['_HOSTNAME']),
    app: textOf(json['_SYSTEMD_UNIT'])?.replace(/\.service$/, '') ?? textOf(json['SYSLOG_IDENTIFIER']),
  };
}

function podOf(kubernetes: unknown): string | undefined {
  return typeof kubernetes === 'object' && kubernetes !== null && 'pod_name' in kubernetes ? textOf(kubernetes.pod_name) : undefined;
}

/** The journal writes a text that is not plain, such as one with colours, as the numbers of its bytes. */
function bytesOf(value: unknown): string | undefined {
  if (!Array.isArray(value) || !value.every((byte) => Number.isInteger(byte))) return undefined;
  return withoutColour(Buffer.from(value.map(Number)).toString('utf8'));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function objectOf(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const json: unknown = JSON.parse(line);
    return typeof json === 'object' && json !== null ? { ...json } : null;
  } catch {
    return null;
  }
}
