import type { Event } from '@raftlens/events';

/** Faults after which the others reach each other as before: what they do to a server shows in its own lines, or is over at once. */
const HARMLESS = /^(crash-at-persist|apply-delay|clock|damage|resume|restart|duplicate|short-read)$/;
/** A fault that takes one away which was there before: "unclog", "end-clog", "clog-end", "clog off". */
const END = /^(?:un|end[- ]?|stop[- ]?)([a-z].*)$|^(.+?)[- ](?:end|ends|ended|off|stop|stopped)$/;
/** The link that a fault is about, as its detail names it. */
const LINK = /\bfrom (\S+) to (\S+)/;
/** A machine that takes messages in at once, and a network that does nothing to them. */
const NO_DELAY = /\b0 ms late\b/;

/** Faults that are remembered apart; no harness has so many in force at once. */
const FAULTS_MAX = 4096;

/**
 * What the harness tells of the world around the servers: who is stopped, which links are cut, whether anything else disturbs them. Only
 * with that can a log say that a cluster should have gone on.
 */
export class Surroundings {
  /** A test is under way, so that the harness would tell what it does. */
  isTold = false;
  /** Since when nothing has changed, and the line that changed something last. */
  sinceMs = 0;
  sinceSeq = 0;
  /** Servers that the harness has stopped in other ways than by a crash. */
  readonly #stopped = new Set<string>();
  readonly #isolated = new Set<string>();
  /** Other partitions in force, by their text. */
  readonly #cuts = new Set<string>();
  #groups: readonly (readonly string[])[] = [];
  /** Faults in force, by kind and by the link or server that each is about: their own end takes them away, or the end of all faults. */
  readonly #faults = new Set<string>();
  /** Disks take their time, to the end: under load that holds a commit up for as long as there is load. */
  #disksAreSlow = false;

  /** A line of the harness, the start of a server, or a lost message: whatever changes who reaches whom. */
  changed({ time, seq }: Event): void {
    this.sinceMs = time;
    this.sinceSeq = seq;
  }

  harness(event: Event): void {
    switch (event.op) {
      case 'TestBegin':
        this.isTold = true;
        break;
      case 'TestEnd':
        this.isTold = false;
        break;
      case 'Partition':
        this.#cut(event.groups ?? '');
        break;
      case 'Heal':
        this.#join(event.groups);
        break;
      case 'Fault':
        this.#fault(event);
        break;
      default:
    }
    this.changed(event);
  }

  /** The server starts, and is no longer stopped. */
  boots(event: Event): void {
    this.#stopped.delete(event.node);
    this.changed(event);
  }

  /** Whether those who run reach one another, and nothing is known that disturbs them. */
  get isCalm(): boolean {
    return this.isTold && this.#faults.size === 0 && !this.#disksAreSlow && this.#cuts.size === 0 && !this.#hasBridge();
  }

  /** The servers that reach one another, out of those that run: one list for each part into which the network is cut. */
  parts(running: readonly string[]): readonly (readonly string[])[] {
    const reachable = running.filter((id) => !this.#isolated.has(id) && !this.#stopped.has(id));
    if (this.#groups.length === 0) return [reachable];
    return this.#groups.map((group) => reachable.filter((id) => group.includes(id)));
  }

  #cut(groups: string): void {
    const parts = groups.split('|').map((part) => part.trim());
    const [first = ''] = parts;
    if (parts.length === 2 && parts[1] === 'the others') this.#isolated.add(first);
    else if (parts.length > 1) this.#groups = parts.map((part) => part.split(/[\s,]+/));
    else this.#cuts.add(groups);
  }

  /** Without groups all links are whole again; "all" ends every other fault, too. */
  #join(groups: string | undefined): void {
    if (groups !== undefined && groups !== 'all') {
      this.#isolated.delete(groups);
      this.#cuts.delete(groups);
      return;
    }
    this.#isolated.clear();
    this.#cuts.clear();
    this.#groups = [];
    if (groups !== 'all') return;
    this.#faults.clear();
    this.#stopped.clear();
  }

  #fault({ kind = '', target, detail = '' }: Event): void {
    if (target !== undefined && /^(pause|wipe|corrupt)$/.test(kind)) this.#stopped.add(target);
    else if (target !== undefined && kind === 'resume') this.#stopped.delete(target);
    else if (kind === 'disk') this.#disksAreSlow = true;
    else if (!HARMLESS.test(kind)) this.#disturb(kind, target, detail);
  }

  #disturb(kind: string, target: string | undefined, detail: string): void {
    const [, ended, alsoEnded] = END.exec(kind) ?? [];
    const of = ended ?? alsoEnded ?? kind;
    const [, from, to] = LINK.exec(detail) ?? [];
    const about = from === undefined ? (target ?? '') : `${from} ${to}`;
    if (of !== kind) this.#ends(of, about);
    else if (NO_DELAY.test(detail)) this.#faults.delete(`${kind} ${about}`);
    else if (this.#faults.size < FAULTS_MAX) this.#faults.add(`${kind} ${about}`);
  }

  /** An end that does not say of which fault is the end of the only one of its kind. */
  #ends(kind: string, about: string): void {
    if (this.#faults.delete(`${kind} ${about}`) || about !== '') return;
    const ofKind = [...this.#faults].filter((fault) => fault.startsWith(`${kind} `));
    if (ofKind.length === 1) for (const fault of ofKind) this.#faults.delete(fault);
  }

  /** A server in two groups reaches servers that do not reach each other, which no majority can rely on. */
  #hasBridge(): boolean {
    const names = this.#groups.flat();
    return new Set(names).size < names.length;
  }
}
