import type { Event } from '@raftlens/events';
import { Checker, type CheckReport } from '../../src/index.ts';
import { transcript } from '../transcript.ts';

/** What every line of a server carries, and an observer does not see. */
const STATE = ['term', 'role', 'vote', 'commit', 'applied', 'last', 'lastTerm'] as const;

/** A transcript as an observer tells it: no line carries a server's state, and a save tells only what the transcript says of it. */
export function seen(text: string): Event[] {
  return transcript(text).map((event) => {
    const line = { ...event };
    for (const field of STATE) Reflect.deleteProperty(line, field);
    if (line.op === 'Boot') line.source = 'observed';
    return line;
  });
}

export function report(text: string): CheckReport {
  const checker = new Checker();
  for (const event of seen(text)) checker.observe(event);
  return checker.finish();
}

/** "rule @line" of each violation: line 1 is the first event of the transcript. */
export function found(text: string): string[] {
  return report(text).violations.map(({ rule, seq }) => `${rule} @${seq}`);
}
