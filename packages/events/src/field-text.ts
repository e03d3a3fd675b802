import { EventError } from './error.ts';
import type { EntryDigest, Event } from './event.ts';
import type { FieldName } from './opcode.ts';

/**
 * How each field stands in the line, with the comma and the key before it; an absent field is the empty text.
 *
 * One small function a field instead of one loop over names: each reads one property of few shapes of event, which engines do several
 * times as fast as `event[name]`, and this is most of what encoding costs. The types hold the table to that of the opcodes.
 */
export const FIELD_TEXT: Readonly<Record<FieldName, (event: Event) => string>> = {
  msgTerm: (e) => number(',"msgTerm":', e.msgTerm),
  lastLogIndex: (e) => number(',"lastLogIndex":', e.lastLogIndex),
  lastLogTerm: (e) => number(',"lastLogTerm":', e.lastLogTerm),
  transfer: (e) => flag(',"transfer":', e.transfer),
  granted: (e) => flag(',"granted":', e.granted),
  prev: (e) => number(',"prev":', e.prev),
  prevTerm: (e) => number(',"prevTerm":', e.prevTerm),
  n: (e) => number(',"n":', e.n),
  entries: (e) => digests(',"entries":', e.entries),
  leaderCommit: (e) => number(',"leaderCommit":', e.leaderCommit),
  round: (e) => number(',"round":', e.round),
  success: (e) => flag(',"success":', e.success),
  match: (e) => number(',"match":', e.match),
  conflictIndex: (e) => number(',"conflictIndex":', e.conflictIndex),
  conflictTerm: (e) => number(',"conflictTerm":', e.conflictTerm),
  lastIncludedIndex: (e) => number(',"lastIncludedIndex":', e.lastIncludedIndex),
  lastIncludedTerm: (e) => number(',"lastIncludedTerm":', e.lastIncludedTerm),
  offset: (e) => number(',"offset":', e.offset),
  bytes: (e) => number(',"bytes":', e.bytes),
  done: (e) => flag(',"done":', e.done),
  ctx: (e) => text(',"ctx":', e.ctx),
  lease: (e) => flag(',"lease":', e.lease),
  index: (e) => number(',"index":', e.index),
  entryTerm: (e) => number(',"entryTerm":', e.entryTerm),
  indexTerm: (e) => number(',"indexTerm":', e.indexTerm),
  from: (e) => number(',"from":', e.from),
  hash: (e) => text(',"hash":', e.hash),
  cmd: (e) => text(',"cmd":', e.cmd),
  timer: (e) => text(',"timer":', e.timer),
  leader: (e) => text(',"leader":', e.leader),
  why: (e) => text(',"why":', e.why),
  for: (e) => text(',"for":', e.for),
  what: (e) => text(',"what":', e.what),
  durableTerm: (e) => number(',"durableTerm":', e.durableTerm),
  durableVote: (e) => text(',"durableVote":', e.durableVote),
  durableLast: (e) => number(',"durableLast":', e.durableLast),
  durableLastTerm: (e) => number(',"durableLastTerm":', e.durableLastTerm),
  snapshotIndex: (e) => number(',"snapshotIndex":', e.snapshotIndex),
  snapshotTerm: (e) => number(',"snapshotTerm":', e.snapshotTerm),
  electionMinMs: (e) => number(',"electionMinMs":', e.electionMinMs),
  electionMaxMs: (e) => number(',"electionMaxMs":', e.electionMaxMs),
  heartbeatMs: (e) => number(',"heartbeatMs":', e.heartbeatMs),
  voters: (e) => names(',"voters":', e.voters),
  outgoing: (e) => names(',"outgoing":', e.outgoing),
  learners: (e) => names(',"learners":', e.learners),
  phase: (e) => text(',"phase":', e.phase),
  peer: (e) => text(',"peer":', e.peer),
  next: (e) => number(',"next":', e.next),
  state: (e) => text(',"state":', e.state),
  target: (e) => text(',"target":', e.target),
  lock: (e) => text(',"lock":', e.lock),
  task: (e) => text(',"task":', e.task),
  client: (e) => text(',"client":', e.client),
  opid: (e) => number(',"opid":', e.opid),
  f: (e) => text(',"f":', e.f),
  key: (e) => text(',"key":', e.key),
  value: (e) => text(',"value":', e.value),
  name: (e) => text(',"name":', e.name),
  seed: (e) => text(',"seed":', e.seed),
  budget: (e) => text(',"budget":', e.budget),
  outcome: (e) => text(',"outcome":', e.outcome),
  point: (e) => text(',"point":', e.point),
  groups: (e) => text(',"groups":', e.groups),
  kind: (e) => text(',"kind":', e.kind),
  detail: (e) => text(',"detail":', e.detail),
  rule: (e) => text(',"rule":', e.rule),
  section: (e) => text(',"section":', e.section),
  evidence: (e) => numbers(',"evidence":', e.evidence),
};

export function number(opening: string, value: number | undefined): string {
  return value === undefined ? '' : opening + numeral(value, opening);
}

export function text(opening: string, value: string | null | undefined): string {
  if (value === undefined) return '';
  return opening + (value === null ? 'null' : quote(value));
}

function flag(opening: string, value: boolean | undefined): string {
  if (value === undefined) return '';
  return value ? `${opening}true` : `${opening}false`;
}

/** A list becomes a text, so that the line stays flat. */
function digests(opening: string, list: readonly EntryDigest[] | undefined): string {
  if (list === undefined) return '';
  let joined = '';
  for (const { term, hash } of list) joined += joined === '' ? `${term}:${hash}` : `,${term}:${hash}`;
  return opening + quote(joined);
}

function names(opening: string, list: readonly string[] | undefined): string {
  if (list === undefined) return '';
  const bad = list.find((name) => name === '' || name.includes(','));
  if (bad === undefined) return opening + quote(list.join(','));
  throw new EventError('EVENT_NAME', `${keyIn(opening)} lists ${JSON.stringify(bad)}: a name in a list may not be empty or have a comma`);
}

function numbers(opening: string, list: readonly number[] | undefined): string {
  return list === undefined ? '' : `${opening}"${list.map((value) => numeral(value, opening)).join(',')}"`;
}

/** @param opening the key as it stands in the line, for the message */
export function numeral(value: number, opening: string): string {
  // Infinity and NaN have no form in JSON, and pino would write null.
  if (value - value !== 0) throw new EventError('EVENT_NUMBER', `${keyIn(opening)} is ${value}, which a line cannot hold`);
  return String(value);
}

function keyIn(opening: string): string {
  return opening.replace(/^,|:$/g, '');
}

const PLAIN = /^[ !#-[\]-~]*$/;

/** JSON.stringify is well-formed for any string, lone surrogates included; most strings here need nothing but their quotes. */
export function quote(value: string): string {
  return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}
