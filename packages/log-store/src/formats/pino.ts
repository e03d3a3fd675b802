import type { EventRule, FormatDefinition } from './definition.ts';
import { TEXT_FORM } from './text-form.ts';

const BECOMES =
  '^(?:[Bb]ecame|[Bb]ecom(?:e|ing)|(?:[Cc]onvert|[Tt]ransition|[Cc]hang|[Ss]witch)\\w* to|[Ee]ntering)(?: an?| the)?(?: state)?:? ';
const role = (name: string, op: string): EventRule => ({ when: { msg: `${BECOMES}${name}\\b` }, op, fields: { term: '{term}' } });

/**
 * Lines that pino (or another JSON logger: bunyan, logrus, log/slog) wrote for some program: a time, a level and a message. Of what the program
 * says only the roles are understood, as most programs call them.
 */
export const pinoDefinition: FormatDefinition = {
  name: 'pino',
  title: 'plain pino (level, time, msg)',
  line: { json: true, has: ['level', 'time', 'msg'] },
  time: { from: 'time', unit: 'ms' },
  node: ['{node}', '{nodeId}', '{server}', '{serverId}', '{peer_of_file}', '{name}', '{hostname}'],
  level: { from: 'level', names: { trace: 10, debug: 20, info: 30, warn: 40, warning: 40, error: 50, fatal: 60 } },
  events: [
    { when: { msg: `(?<text>${TEXT_FORM}.*)` }, op: 'text' },
    role('[Ff]ollower', 'BecomeFollower'),
    role('[Cc]andidate', 'BecomeCandidate'),
    role('[Ll]eader', 'BecomeLeader'),
  ],
  detail: '{msg}',
};
