import { relative } from 'node:path';
import type { LabReport, MappedName, RpcNames, SaveNames } from './lab-report.ts';

/** What would be observed of a lab, as lines for a person. Not made printable: names come from the student's sources. */
export function labLines(report: LabReport): readonly string[] {
  const from = (folder: string): string => relative(report.root, folder) || '.';
  return [
    `lab      ${report.root}, ${report.modules ? `modules, Go ${report.wanted}` : 'GOPATH'}`,
    `tests    ${from(report.target)}`,
    `Raft     ${from(report.raft)}`,
    '',
    'messages',
    ...report.rpcs.flatMap(rpcLines),
    '',
    'what is durable',
    ...(report.saves.length > 0
      ? report.saves.flatMap(saveLines)
      : ['  not known: no function makes a labgob encoder and encodes the term, the vote or the log']),
    '',
    'entries of the log',
    report.entry === null
      ? '  not known: no list of structs with a term and a command was found'
      : `  ${report.entry.type}: term ${report.entry.term}, command ${report.entry.command}${report.entry.index === '' ? '' : `, index ${report.entry.index}`}`,
    ...(report.missing.length > 0 ? ['', 'not observed', ...report.missing.map((line) => `  ${line}`)] : []),
  ];
}

function rpcLines(rpc: RpcNames): readonly string[] {
  return [
    `  ${rpc.method} (${rpc.where}) is ${rpc.op}`,
    `    request  ${named(rpc.args)}`,
    `    reply    ${named(rpc.reply)}`,
    ...rpc.unknown.map((what) => `    not known: ${what}`),
  ];
}

function saveLines(save: SaveNames): readonly string[] {
  return [
    `  ${save.in} (${save.file}:${save.from})`,
    ...save.exprs.map((expr, at) => `    ${at + 1} ${oneLine(expr)}  ${named(save.parts[at] ?? [])}`),
    ...save.unknown.map((what) => `    not known: ${what}`),
  ];
}

/** A name that was taken for its type says so: it is the one to look at. */
function named(names: readonly MappedName[]): string {
  if (names.length === 0) return 'nothing that the paper has';
  return names
    .map(({ role, path, rests }) => `${role}${path === '' ? '' : `=${path}`}${rests === 'name' ? '' : ` (by ${rests})`}`)
    .join(' ');
}

function oneLine(expr: string): string {
  const line = expr.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

/** The mapping as the file that a user can correct: `raftlens-lab.json` in the folder of the tests. */
export function namesFile(report: LabReport): string {
  const map = (names: readonly MappedName[]): Record<string, string> => Object.fromEntries(names.map(({ role, path }) => [role, path]));
  const given = {
    rpcs: Object.fromEntries(report.rpcs.map((rpc) => [rpc.method, { op: rpc.op, args: map(rpc.args), reply: map(rpc.reply) }])),
    entry: report.entry,
    saves: Object.fromEntries(report.saves.map((save) => [save.in, placesOf(save)])),
  };
  return `${JSON.stringify(given, null, 2)}\n`;
}

/** Which of the encoded values it is, and which field of it: "2", or "1:VotedFor". */
function placesOf(save: SaveNames): Record<string, string> {
  return Object.fromEntries(
    save.parts.flatMap((part, at) => part.map(({ role, path }) => [role, path === '' ? `${at + 1}` : `${at + 1}:${path}`] as const)),
  );
}
