/** One call of a stack. */
export interface StackFrame {
  /** As the dump names it, without arguments: `raft.(*Raft).applier`, `Hang$Raft.vote`, `vote`. */
  readonly name: string;
  /** FILE:LINE, the file without its folders; null where it is not told. */
  readonly place: string | null;
  /** It belongs to the language: its runtime, its standard library, or what runs its tests. */
  readonly isLibrary: boolean;
  /** The type that a method belongs to, and where the object itself lies; null where the dump does not tell it. */
  readonly owner: string | null;
  readonly object: bigint | null;
}

/** What a thread waits for. `condition` lets go of its lock meanwhile. `unknown`: the dump does not tell whether it waits at all. */
export type WaitKind =
  | 'lock'
  | 'send'
  | 'receive'
  | 'select'
  | 'condition'
  | 'others'
  | 'io'
  | 'sleep'
  | 'settled'
  | 'running'
  | 'runtime'
  | 'unknown';

export interface Wait {
  readonly kind: WaitKind;
  /** The lock, channel or queue, by which threads that wait for the same one are known; null where the dump does not tell it. */
  readonly on: string | null;
  /** What that is, where the dump says it: `a Hang$Raft`. */
  readonly what: string | null;
  /** How long it has waited; null where the dump does not tell it, as Go does of less than a minute. */
  readonly minutes: number | null;
}

/** A goroutine, a thread, or whatever else keeps a program from ending. */
export interface Thread {
  /** For people: `goroutine 7`, `"applier"`. */
  readonly name: string;
  readonly wait: Wait;
  /** The locks that it holds, in the words of `Wait.on`; null where this kind of dump never tells. */
  readonly holds: readonly string[] | null;
  /** The innermost first. */
  readonly frames: readonly StackFrame[];
  /** Who started it; the goroutine is null where it is not told. */
  readonly startedBy: { readonly name: string; readonly goroutine: string | null } | null;
  /** The dump itself says that it is leaked. */
  readonly isLeaked: boolean;
}

/** What one process told of its threads at one moment. */
export interface Dump {
  /** What its threads are called: `goroutine`, `thread`. */
  readonly noun: string;
  readonly threads: readonly Thread[];
  /** What the runtime itself says of the hang, in whole lines. */
  readonly said: readonly string[];
}

/** Reads the lines of one language's dumps. */
export interface DumpReader {
  readonly noun: string;
  /** Takes a line, or says that it is none of a dump. */
  take(line: string): boolean;
  /** What has been read; it begins with nothing again. Null where that is no dump. */
  finish(): Omit<Dump, 'noun'> | null;
}

export const NOT_TOLD: Wait = { kind: 'unknown', on: null, what: null, minutes: null };

/** `/home/me/raft/raft.go` is `raft.go`: the folders differ from machine to machine, and take the place of what matters. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
