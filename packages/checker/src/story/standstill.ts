import type { Event } from '@raftlens/events';
import { sentenceOf } from './sentence.ts';

/** How things stood when a run ended, for failures in which no single step was wrong. */
export interface Standstill {
  /** One line a server: its role, its log, its commit and apply index. */
  readonly servers: readonly string[];
  /** What happened again and again in the last second, most often first. */
  readonly repeated: readonly Repetition[];
}

export interface Repetition {
  readonly times: number;
  readonly sentence: string;
}

const WINDOW_MS = 1000;
const REPETITIONS_MAX = 10;

export function standstillOf(events: readonly Event[]): Standstill {
  const state = new Map<string, Event>();
  const down = new Set<string>();
  const repetitions = new Map<string, Repetition>();
  const fromMs = (events.at(-1)?.time ?? 0) - WINDOW_MS;
  for (const event of events) {
    if (event.op === 'Crash' && event.target !== undefined) down.add(event.target);
    if (event.op === 'Boot') down.delete(event.node);
    if (event.role !== undefined) state.set(event.node, event);
    if (event.time < fromMs || event.dir === 'send' || event.op === 'Persist' || event.node === 'TEST') continue;
    count(repetitions, sentenceOf(event));
  }
  const repeated = [...repetitions.values()].filter(({ times }) => times > 2);
  return {
    servers: [...state].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, event]) => standing(id, event, down.has(id))),
    repeated: repeated.sort((a, b) => b.times - a.times).slice(0, REPETITIONS_MAX),
  };
}

/** The same in a later term is the same again. */
function count(repetitions: Map<string, Repetition>, sentence: string): void {
  const inAnyTerm = sentence.replaceAll(/\bterm \d+/g, 'term N');
  const known = repetitions.get(inAnyTerm);
  if (known === undefined) repetitions.set(inAnyTerm, { times: 1, sentence });
  else repetitions.set(inAnyTerm, { times: known.times + 1, sentence: known.sentence === sentence ? sentence : inAnyTerm });
}

function standing(id: string, { role, term, vote, last, lastTerm, commit, applied }: Event, isDown: boolean): string {
  const being = isDown ? 'is down; it was' : 'is';
  return (
    `${id} ${being} ${role ?? '?'} of term ${term ?? '?'}, vote ${vote ?? 'none'}; ` +
    `log up to ${last ?? '?'}/${lastTerm ?? '?'}, committed ${commit ?? '?'}, applied ${applied ?? '?'}`
  );
}
