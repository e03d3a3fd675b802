import { UserError } from '@raftlens/command-line';
import { linearPattern } from '@raftlens/patterns';
import * as z from 'zod';
import { errorMessage } from '../errors.ts';
import { readNamedFile } from '../files.ts';
import { NO_SETUP, PRESETS_FILE, type Preset, type PresetPlan, type PresetRequest } from './preset.ts';

const PRESETS_BYTES_MAX = 2 ** 22;

const words = z.array(z.string().min(1)).min(1);
const definition = z.strictObject({
  summary: z.string().default('A preset of yours'),
  /** Run once before; `{targets}`, `{race}` and `{extra}` alone stand for several words or none. */
  setup: z.array(words).default([]),
  command: words,
  /** What `{race}` stands for when --race is given; without it --race is refused. */
  race: z.array(z.string()).optional(),
  /** What `{select}` stands for when tests are named; `{test}` in it is the name. */
  select: words.default(['{test}']),
  directory: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
  /** A regular expression; each line that it matches is one test case, or as many as its first group says. */
  cases: z.string().superRefine(checkPattern).optional(),
  /** The command that says the version of the toolchain, for reports. */
  version: words.optional(),
  quitSignal: z.enum(['SIGTERM', 'SIGQUIT', 'SIGABRT', 'SIGINT']).optional(),
});
const file = z.strictObject({ presets: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), definition) });

function checkPattern(text: string, context: z.RefinementCtx): void {
  try {
    linearPattern(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: errorMessage(error) });
  }
}

type Definition = z.infer<typeof definition>;

/** The presets of a file. @throws UserError BAD_PRESETS */
export function readPresets(path: string): readonly Preset[] {
  return Object.entries(parse(path).presets).map(([name, own]) => ({
    name,
    summary: own.summary,
    plan: (request) => planOf(name, own, request),
  }));
}

function parse(path: string): z.infer<typeof file> {
  let value: unknown;
  try {
    value = JSON.parse(readNamedFile(path, PRESETS_BYTES_MAX));
  } catch (error) {
    throw new UserError('BAD_PRESETS', `cannot read ${path}: ${errorMessage(error)}`);
  }
  const parsed = file.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError('BAD_PRESETS', `${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`);
}

function planOf(name: string, own: Definition, request: PresetRequest): PresetPlan {
  if (request.race && own.race === undefined)
    throw new UserError('NO_RACE_DETECTOR', `the preset "${name}" has no "race" in ${PRESETS_FILE}`);
  const several: Readonly<Record<string, readonly string[]>> = {
    '{targets}': request.targets,
    '{race}': request.race ? (own.race ?? []) : [],
    '{select}': request.tests.length > 0 ? own.select : [],
    '{extra}': request.extra,
  };
  const expand = (template: readonly string[]): readonly string[] =>
    template.flatMap((word) => several[word] ?? [word.replaceAll('{build}', () => request.buildFolder)]);
  return {
    ...NO_SETUP,
    setup: own.setup.map((template) => ({ words: expand(template) })),
    command: expand(own.command),
    directory: own.directory ?? null,
    environment: own.env,
    caseCounter: own.cases === undefined ? null : { pattern: own.cases, absent: 'none', exitCodeOfNone: null },
    quitSignal: own.quitSignal ?? null,
    version: own.version ?? null,
  };
}
