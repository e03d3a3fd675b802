import type { FormatDefinition } from './definition.ts';
import { TEXT_FORM } from './text-form.ts';

const CLOCK = '(?<clock>\\{"[^{}]*\\})';
const shared = {
  node: ['{host}'],
  clock: 'clock',
  events: [{ when: { text: TEXT_FORM }, op: 'text' }],
  detail: '{text}',
} as const;

/** ShiViz's default: two lines an event, its text and then `host {"clock":1}`. */
export const shivizDefinition: FormatDefinition = {
  ...shared,
  name: 'shiviz',
  title: 'ShiViz, text and then host with vector clock',
  record: 'text-then-clock',
  line: { pattern: `^(?<text>[^\\n]*)\\r?\\n(?<host>\\S+) ${CLOCK}\\s*$` },
};

/** As GoVector writes it: the clock first. */
export const shivizClockFirstDefinition: FormatDefinition = {
  ...shared,
  name: 'shiviz-clock-first',
  title: 'ShiViz, host with vector clock and then text (GoVector)',
  record: 'clock-then-text',
  line: { pattern: `^(?<host>\\S+) ${CLOCK}\\s*\\n(?<text>[^\\n]*)$` },
};

/** One line an event: whatever, the host, the clock, the text. */
export const shivizLineDefinition: FormatDefinition = {
  ...shared,
  name: 'shiviz-line',
  title: 'ShiViz, one line with host, vector clock and text',
  line: { pattern: `^(?:.*[\\s/\\[(])?(?<host>[\\w.-]+)[\\])]? ${CLOCK} ?(?<text>.*)$` },
};
