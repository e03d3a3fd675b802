import { textOf } from '@raftlens/events';
import { DefinedFormat } from './defined.ts';
import type { EventRule, FormatDefinition, TimeUnit } from './definition.ts';
import { parsed } from './heads.ts';
import { CLOCK, TIME } from './phrases.ts';
import { type Peeled, peel, withoutColour } from './prefixes.ts';

/** What a format makes of one line of a sample. */
export interface Previewed {
  readonly line: string;
  /** The event as text, null for a line that the format does not know. */
  readonly text: string | null;
  readonly isNote: boolean;
}

export function previewOf(definition: FormatDefinition, lines: readonly string[], file: string): readonly Previewed[] {
  const format = new DefinedFormat(definition);
  return lines.map((line) => {
    const decoded = format.decode(line, file);
    if (!('event' in decoded)) return { line, text: null, isNote: false };
    return { line, text: textOf(decoded.event), isNote: decoded.event.op === 'Note' };
  });
}

const LEVELS = 'TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|trace|debug|info|warn(?:ing)?|error|fatal';
const BETWEEN = '[ \\t:|,-]*';

/** Times with which lines begin, the surest first. */
const TIMES: readonly (readonly [pattern: string, unit: TimeUnit])[] = [
  [`\\[?(?<time>${TIME})\\]?`, 'auto'],
  [`\\[?(?<time>${CLOCK})\\]?`, 'auto'],
  ['\\[?(?<time>\\d{13})\\]?', 'ms'],
  ['\\[?(?<time>\\d{10}(?:\\.\\d{1,9})?)\\]?', 's'],
  ['\\[?(?<time>\\d{1,12}(?:\\.\\d{1,9})?) ?ms\\]?', 'ms'],
  ['\\[?(?<time>\\d{1,15}) ?us\\]?', 'us'],
  ['\\[?(?<time>\\d{1,12}(?:\\.\\d{1,9})?)s?\\]?', 's'],
];
const WHOS = [
  '\\[(?<who>[A-Za-z][\\w.-]{0,40})\\]',
  '(?<who>[A-Za-z]{1,12}[-_]?\\d{1,4})\\b',
  '(?:node|server|peer|id)[= ](?<who>[\\w.-]{1,40})',
];

/** Last in a pattern, and without lookahead: users' patterns are for the linear engine, which has none. */
const TERM = '(?:.*?\\b(?:[Tt]erm|[Ee]poch|T)[:= ]{0,2}(?<term>\\d+))?';
const role = (name: string, op: string): EventRule => ({
  when: {
    text: `\\b(?:[Bb]ec[ao]m\\w*|[Cc]onvert\\w* to|[Tt]ransition\\w* to|[Ss]witch\\w* to|[Ee]nter\\w*|[Ii]s now)\\b.{0,20}?\\b${name}\\b${TERM}`,
  },
  op,
  fields: { term: '{term}' },
});

/** What most programs say of the steps of Raft; a draft takes those that its sample has. */
const PHRASES: readonly EventRule[] = [
  {
    when: { text: `\\b[Gg]rant\\w*\\b.{0,20}?\\b[Vv]otes? (?:to|for) (?<for>[\\w.-]{1,40})${TERM}` },
    op: 'Vote',
    fields: { for: '{for}', term: '{term}' },
  },
  role('[Ff]ollower', 'BecomeFollower'),
  role('[Cc]andidate', 'BecomeCandidate'),
  role('[Ll]eader', 'BecomeLeader'),
  { when: { text: `\\b(?:[Ww]on|[Ee]lected)\\b.{0,30}?(?:[Ee]lection|[Ll]eader)${TERM}` }, op: 'BecomeLeader', fields: { term: '{term}' } },
  { when: { text: `\\b[Ss]tart\\w*\\b.{0,20}?\\b[Ee]lection\\b${TERM}` }, op: 'BecomeCandidate', fields: { term: '{term}' } },
  { when: { text: '\\b[Ee]lection time ?out\\b|\\btimed out\\b' }, op: 'Timeout', fields: { timer: 'election' } },
  {
    when: { text: '\\b[Cc]ommit(?:ted|ting|Index)?(?: index)?(?: up)?(?: to)?[:= ]{0,2}(?<index>\\d+)\\b' },
    op: 'Commit',
    fields: { index: '{index}' },
  },
  { when: { text: '\\b[Aa]ppl(?:y|ied|ying)(?: (?:entry|index))?[:= ]{0,2}(?<index>\\d+)\\b' }, op: 'Apply', fields: { index: '{index}' } },
];

/**
 * A format for a sample of lines, for its user to go on with: the head that most lines have, and what usual phrases tell. Null where no head fits a
 * single line.
 */
export function draftFormat(sample: readonly string[], name: string): FormatDefinition | null {
  const lines = sample.map(bare);
  const head = jsonHead(lines) ?? textHead(lines);
  if (head === null) return null;
  const draft: FormatDefinition = { name, title: `a draft for ${name}`, ...head, events: [], detail: '{text}' };
  return { ...draft, events: PHRASES.filter((rule) => tells(draft, rule, sample)) };
}

type DraftedHead = Pick<FormatDefinition, 'line' | 'time' | 'node'>;

/** The line as its program wrote it: formats take prefixes off by themselves. */
function bare(line: string): string {
  let rest = withoutColour(line);
  for (let peeled = peel(rest); peeled !== null && isCarried(rest, peeled); peeled = peel(rest)) rest = peeled.rest;
  return rest;
}

/** A time alone may be the program's own. */
function isCarried(line: string, { host, app }: Peeled): boolean {
  return host !== undefined || app !== undefined || line.startsWith('{');
}

const KEYS = {
  time: ['time', 'ts', 'timestamp', '@timestamp', 't', 'T'],
  text: ['msg', 'message', '@message', 'event', 'M', 'text'],
  who: ['node', 'nodeId', 'node_id', 'server', 'serverId', 'peer', 'id', 'name'],
} as const;

function jsonHead(lines: readonly string[]): DraftedHead | null {
  const objects = lines.map(parsed).filter((json): json is object => typeof json === 'object' && json !== null);
  if (objects.length * 2 < lines.length || objects.length === 0) return null;
  const common = (keys: readonly string[]) => keys.find((key) => objects.filter((json) => key in json).length * 2 >= objects.length);
  const [time, text, who] = [common(KEYS.time), common(KEYS.text), common(KEYS.who)];
  if (time === undefined || text === undefined) return null;
  return {
    line: { json: true, has: [time, text], parts: text === 'text' ? {} : { text } },
    time: { from: time, unit: 'auto' },
    node: [...(who === undefined ? [] : [`{${who}}`]), '{speaker}'],
  };
}

function textHead(lines: readonly string[]): DraftedHead | null {
  let best: { readonly head: DraftedHead; readonly score: number } | null = null;
  for (const [time, unit] of TIMES) {
    for (const who of [...WHOS, null]) {
      const pattern = `^${time}${BETWEEN}(?:\\[?(?<level>${LEVELS})\\]?)?${BETWEEN}${who === null ? '' : `${who}${BETWEEN}`}(?<text>.*)$`;
      const compiled = new RegExp(pattern);
      // A head that also tells who speaks is worth having where it fits nearly as many lines.
      const score = lines.filter((line) => compiled.test(line)).length * (who === null ? 1 : 1.25);
      if (score === 0 || (best !== null && score <= best.score)) continue;
      best = { head: { line: { pattern }, time: { from: 'time', unit }, node: [...(who === null ? [] : ['{who}']), '{speaker}'] }, score };
    }
  }
  return best?.head ?? null;
}

function tells(draft: FormatDefinition, rule: EventRule, sample: readonly string[]): boolean {
  return previewOf({ ...draft, events: [rule] }, sample, draft.name).some(({ text, isNote }) => text !== null && !isNote);
}
