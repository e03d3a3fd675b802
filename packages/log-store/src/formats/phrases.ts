import type { EventRule, Head } from './definition.ts';

// What the formats of single programs are made of: heads that any logger may have written, and rules for phrases.

const DATE = '\\d{4}[-/]\\d\\d[-/]\\d\\d';
export const CLOCK = '\\d\\d:\\d\\d:\\d\\d(?:[.,:]\\d{1,9})?';
export const TIME = `${DATE}[T ]${CLOCK}(?: ?(?:Z|UTC|[+-]\\d\\d:?\\d\\d))?`;
const LEVEL = '(?=.{0,120}?\\b(?<level>TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|trace|debug|info|notice|warning|error)\\b|)';

/**
 * Lines that begin with a time, in brackets or not, and have a phrase that begins with `start` somewhere in their first 300 characters; and
 * the same without a time, which a prefix has told. `phrase` takes it apart. What stands between, such as level, thread and logger, is each program's own choice.
 */
export function phraseHeads(start: string, phrase = `(?<text>(?:${start}).*)`): readonly Head[] {
  return [
    { pattern: `^\\[?(?<time>${TIME})${LEVEL}(?<context>.{0,300}?[^\\w])${phrase}$` },
    { pattern: `^(?<level>[IWEF])(?<time>(?:\\d{4}|\\d{6}|\\d{8}) ${CLOCK}) +\\d+ (?<context>[^\\]]{1,200}\\] )${phrase}$` },
    { pattern: `^(?:(?<level>[A-Z]{4,7}) +)?(?:(?<time>${TIME}) )?(?<context>.{0,200}?)${phrase}$` },
  ];
}

/** A step of the server, in the term that the phrase tells as `t`. */
export function step(text: string, op: string, fields: EventRule['fields'] = {}): EventRule {
  return { when: { text }, op, fields: { term: '{t}', ...fields } };
}

/** A message that came from `from`, of the term `t`. */
export function received(text: string, op: string, fields: EventRule['fields'] = {}): EventRule {
  return { when: { text }, op, dir: 'recv', fields: { src: '{from}', msgTerm: '{t}', ...fields }, pair: '{t}' };
}

/** A message that went to `to`, of the term `t`. */
export function sent(text: string, op: string, fields: EventRule['fields'] = {}): EventRule {
  return { when: { text }, op, dir: 'send', fields: { dst: '{to}', msgTerm: '{t}', ...fields }, pair: '{t}' };
}

export const GRANTED = { granted: 'true' } as const;
export const REFUSED = { granted: 'false' } as const;

/** What becomes of a line of the program that tells no event. */
export const note = (text: string): EventRule => ({ when: { text }, op: 'Note' });
