import type { FormatDefinition } from './definition.ts';
import { TEXT_FORM } from './text-form.ts';

/** Lines that pino (or another JSON logger) wrote for some program: a time, a level and a message. */
export const pinoDefinition: FormatDefinition = {
  name: 'pino',
  title: 'plain pino (level, time, msg)',
  line: { json: true, has: ['level', 'time', 'msg'] },
  time: { from: 'time', unit: 'ms' },
  node: ['{node}', '{peer_of_file}', '{name}', '{hostname}', '{file}'],
  level: { from: 'level', names: { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } },
  events: [{ when: { msg: `(?<text>${TEXT_FORM}.*)` }, op: 'text' }],
  detail: '{msg}',
};
