import { assert } from '@raftlens/testing';
import type { AppendEntriesRequest, InstallSnapshotRequest } from '../../src/entry-points/messages.ts';
import { configurationOf, type Effect, type LogEntry, labConfig, type Message, StateMachine } from '../../src/index.ts';
import { Disk } from '../cluster.ts';
import { type AppendAnswer, Figure2, type ModelEntry } from './figure-2.ts';

/** What a random run consists of. Numbers choose a server or a message, modulo how many there are. */
export type Action =
  | { readonly kind: 'deliver'; readonly message: number; readonly times: number; readonly keep: boolean }
  | { readonly kind: 'lose'; readonly message: number }
  | { readonly kind: 'tick' | 'propose' | 'crash' | 'snapshot' | 'cut'; readonly server: number }
  | { readonly kind: 'work'; readonly server: number; readonly steps: number };

interface Pair {
  readonly id: string;
  machine: StateMachine;
  readonly model: Figure2;
  disk: Disk;
  boot: number;
  nowMs: number;
  /** Effects that the host has not performed yet: its disk and its service are slow. */
  waiting: Effect[];
  /** The newest write on the disk. */
  durable: number;
  applied: number;
}

/**
 * A cluster whose servers exist twice: as a state machine with a slow disk and service, and as the model. Each input goes to both, and
 * afterwards they must agree. Messages are those of the machines; they arrive in any order, twice, or never.
 */
export class Lockstep {
  readonly #pairs: readonly Pair[];
  #inTransit: Message[] = [];
  #messageId = 0;
  #proposed = 0;
  /** A server that no message leaves or reaches. */
  #cut: string | null = null;
  /** What a test may ask for, to see that its runs are worth something. */
  truncations = 0;
  installed = 0;
  /** What any server ever committed, and the leader of each term. */
  readonly #committed: ModelEntry[] = [];
  readonly #leaders = new Map<number, string>();

  constructor(servers: number) {
    const ids = Array.from({ length: servers }, (_, position) => `S${position + 1}`);
    this.#pairs = ids.map((id) => {
      const disk = new Disk();
      const model = new Figure2(id, ids);
      return { id, machine: this.#start(id, ids, disk, 1, 0), model, disk, boot: 1, nowMs: 0, waiting: [], durable: 0, applied: 0 };
    });
  }

  #start(id: string, ids: readonly string[], disk: Disk, boot: number, nowMs: number): StateMachine {
    const config = { ...labConfig, maxEntriesBytesPerMessage: 60, maxInflightMessages: 3, snapshotChunkBytes: 2 };
    const nextMessageId = (): number => ++this.#messageId;
    const options = { id, boot, configuration: configurationOf(ids), config, durable: disk.state, random: () => 0.5, nextMessageId };
    return new StateMachine(options, nowMs);
  }

  do(action: Action): void {
    switch (action.kind) {
      case 'deliver':
        for (let time = 0; time <= action.times; time++) {
          this.#deliver(action.message, action.keep && time === 0);
        }
        break;
      case 'lose':
        this.#inTransit.splice(this.#choose(action.message), 1);
        break;
      case 'tick':
        this.#tick(this.#leaderOr(action.server));
        break;
      case 'propose':
        this.#propose(this.#leaderOr(action.server));
        break;
      case 'crash':
        this.#crash(this.#pair(action.server));
        break;
      case 'snapshot':
        this.#snapshot(this.#pair(action.server));
        break;
      case 'cut':
        this.#cut = this.#cut === null ? this.#leaderOr(action.server).id : null;
        break;
      case 'work':
        for (let step = 0; step <= action.steps; step++) {
          this.#work(this.#busy(action.server), action.steps % 2 === 0);
        }
        break;
    }
  }

  /** How many entries were committed. */
  get committed(): number {
    return this.#committed.length;
  }

  #pair(number: number): Pair {
    const pair = this.#pairs[number % this.#pairs.length];
    if (pair === undefined) {
      throw new RangeError('a cluster has servers');
    }
    return pair;
  }

  /** Often a leader, because little happens to the others. */
  #leaderOr(number: number): Pair {
    const leaders = this.#pairs.filter(({ model }) => model.role === 'leader');
    return number % 4 === 0 ? this.#pair(number) : (leaders[number % Math.max(1, leaders.length)] ?? this.#pair(number));
  }

  /** One that has something to do. */
  #busy(number: number): Pair {
    const busy = this.#pairs.filter(({ waiting }) => waiting.length > 0);
    return busy[number % Math.max(1, busy.length)] ?? this.#pair(number);
  }

  /** Mostly the older messages, so that something gets done. */
  #choose(number: number): number {
    return number % Math.max(1, Math.min(4, this.#inTransit.length));
  }

  #tick(pair: Pair): void {
    if (pair.machine.deadlineMs === Number.POSITIVE_INFINITY) {
      return;
    }
    pair.nowMs = Math.max(pair.nowMs, pair.machine.deadlineMs);
    pair.machine.tick(pair.nowMs);
    pair.model.electionTimeout();
    this.#compare(pair);
  }

  #propose(pair: Pair): void {
    const command = `c${++this.#proposed}`;
    const taken = pair.machine.propose([command], pair.nowMs);
    assert.is(taken !== null, pair.model.propose(command));
    this.#compare(pair);
  }

  /** Whatever was not durable is gone, and so is what was not sent. */
  #crash(pair: Pair): void {
    const { state } = pair.disk;
    pair.waiting = [];
    pair.durable = 0;
    pair.boot++;
    pair.machine = this.#start(pair.id, pair.model.servers, pair.disk, pair.boot, pair.nowMs);
    const start = state.snapshot?.index ?? 0;
    const log = [...this.#committed.slice(0, start), ...state.entries.map(modelEntry)];
    pair.model.restart(state.term, state.vote, log, start);
    pair.applied = start;
    this.#compare(pair);
  }

  #snapshot(pair: Pair): void {
    const { applied, snapshotIndex } = pair.machine.status();
    const restoring = pair.waiting.some(({ kind }) => kind === 'restore');
    if (!restoring && applied > snapshotIndex) {
      pair.machine.snapshotTaken(applied, new TextEncoder().encode(`s${applied}`), pair.nowMs);
      this.#compare(pair);
    }
  }

  /** The host performs one effect: the next, or while its disk is busy the first message that need not wait for that. */
  #work(pair: Pair, busyDisk: boolean): void {
    const free = pair.waiting.findIndex((effect) => effect.kind === 'send' && effect.after <= pair.durable);
    const [effect] = pair.waiting.splice(busyDisk && free >= 0 ? free : 0, 1);
    if (effect === undefined) {
      return;
    }
    switch (effect.kind) {
      case 'persist': {
        pair.disk.write(effect);
        pair.durable = effect.id;
        const last = effect.entries.at(-1) ?? effect.snapshot;
        pair.machine.persisted(effect.id, pair.nowMs);
        if (effect.hardState !== null) {
          pair.model.stateWritten(effect.hardState.term);
        }
        if (last !== null && last !== undefined) {
          pair.model.written(last.index, last.term);
        }
        break;
      }
      case 'send':
        pair.machine.sending(effect);
        checkDurable(pair, effect.message);
        this.#inTransit.push(effect.message);
        break;
      case 'apply':
        this.#apply(pair, effect.entries);
        break;
      case 'restore':
        pair.applied = effect.snapshot.index;
        this.installed++;
        assert.is(new TextDecoder().decode(effect.snapshot.data), `s${effect.snapshot.index}`);
        pair.machine.applied(effect.snapshot.index, pair.nowMs);
        break;
      case 'read':
        throw new Error('nobody reads here');
      case 'notice':
        throw new Error('no disk loses anything here');
    }
    this.#compare(pair);
  }

  #apply(pair: Pair, entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      assert.is(entry.index, pair.applied + 1);
      assert.equal(modelEntry(entry), this.#committed[entry.index - 1]);
      pair.applied = entry.index;
    }
    pair.machine.applied(pair.applied, pair.nowMs);
  }

  #deliver(number: number, keep: boolean): void {
    const position = this.#choose(number);
    const message = this.#inTransit[position];
    if (message === undefined) {
      return;
    }
    if (!keep) {
      this.#inTransit.splice(position, 1);
    }
    const pair = this.#pairs.find(({ id }) => id === message.to);
    if (pair === undefined || message.to === this.#cut || message.from === this.#cut) {
      return;
    }
    const logEnd = pair.model.log.length;
    const before = pair.waiting.length;
    pair.machine.receive(message, pair.nowMs);
    const expected = this.#ask(pair.model, message);
    this.truncations += pair.model.log.length < logEnd ? 1 : 0;
    this.#compare(pair);
    const reply = pair.waiting.slice(before).find((effect) => effect.kind === 'send' && effect.message.re === message.id);
    if (expected !== null) {
      assert.equal(reply?.kind === 'send' ? answerIn(reply.message) : null, expected);
    }
  }

  /** Gives the message to the model; returns its answer to a request. */
  #ask(model: Figure2, message: Message): boolean | AppendAnswer | null {
    const { term, from } = message;
    switch (message.kind) {
      case 'RequestVote':
        return model.requestVote({ ...message, candidate: from });
      case 'RequestVoteReply':
        model.voteReply(term, from, message.granted);
        return null;
      case 'AppendEntries':
        return this.#append(model, message);
      case 'AppendEntriesReply':
        model.appendReply(term, from, message.success, message.match);
        return null;
      case 'InstallSnapshot':
        this.#install(model, message);
        return null;
      case 'InstallSnapshotReply':
        model.sawReply(term);
        if (message.success && message.offset >= `s${message.lastIncludedIndex}`.length) {
          model.appendReply(term, from, true, message.lastIncludedIndex);
        }
        return null;
      default:
        throw new Error(`figure 2 has no ${message.kind}`);
    }
  }

  #append(model: Figure2, message: AppendEntriesRequest): AppendAnswer {
    return model.appendEntries({ ...message, entries: message.entries.map(modelEntry) });
  }

  /** The model has no chunks: a snapshot counts once the machine has all of it, which its commit index tells. */
  #install(model: Figure2, message: InstallSnapshotRequest): void {
    const { snapshot, term } = message;
    const pair = this.#pairs.find(({ id }) => id === message.to);
    if (message.done && (pair?.machine.status().commit ?? 0) >= snapshot.index && model.commitIndex < snapshot.index) {
      model.installSnapshot(term, this.#committed.slice(0, snapshot.index));
    } else {
      model.heardTerm(term);
    }
  }

  /** Machine and model agree, and what was committed anywhere stays what it was. */
  #compare(pair: Pair): void {
    const { machine, model } = pair;
    pair.waiting.push(...machine.takeEffects());
    const { role, term, vote, commit, lastLogIndex, lastLogTerm, durable } = machine.status();
    assert.equal(
      { role, term, vote, commit, lastLogIndex, lastLogTerm, durable },
      {
        role: model.role,
        term: model.currentTerm,
        vote: model.votedFor,
        commit: model.commitIndex,
        lastLogIndex: model.log.length,
        lastLogTerm: model.termAt(model.log.length),
        durable: model.durable,
      },
    );
    this.#checkSafety(pair);
  }

  #checkSafety({ id, model, waiting }: Pair): void {
    if (model.role === 'leader') {
      assert.is(this.#leaders.get(model.currentTerm) ?? id, id);
      this.#leaders.set(model.currentTerm, id);
    }
    model.log.slice(0, model.commitIndex).forEach((entry, position) => {
      this.#committed[position] ??= entry;
      assert.equal(entry, this.#committed[position]);
    });
    for (const effect of waiting) {
      if (
        effect.kind === 'send' &&
        effect.message.kind === 'AppendEntries' &&
        effect.message.term === model.currentTerm &&
        model.role === 'leader'
      ) {
        checkOwn(model, effect.message);
      }
    }
  }
}

/** What a message of the current term tells of is on the disk when it leaves (figure 2, persistent state). */
function checkDurable({ disk, model }: Pair, message: Message): void {
  const { term, vote, snapshot, entries } = disk.state;
  if (message.term !== model.currentTerm) {
    return;
  }
  assert.is(term, message.term);
  if (message.kind === 'RequestVoteReply' && message.granted) {
    assert.is(vote, message.to);
  } else if (message.kind === 'AppendEntriesReply' && message.success && message.match > (snapshot?.index ?? 0)) {
    assert.is(entries.find(({ index }) => index === message.match)?.term, model.termAt(message.match));
  }
}

/** What a leader sends is a piece of its log, and no more is committed than it knows. */
function checkOwn(model: Figure2, { prevLogIndex, prevLogTerm, entries, leaderCommit }: AppendEntriesRequest): void {
  assert.is(model.termAt(prevLogIndex), prevLogTerm);
  assert.equal(entries.map(modelEntry), model.log.slice(prevLogIndex, prevLogIndex + entries.length));
  assert.ok(leaderCommit <= model.commitIndex);
}

function modelEntry({ term, command }: LogEntry): ModelEntry {
  return { term, command: String(command) };
}

function answerIn(message: Message): boolean | AppendAnswer | null {
  switch (message.kind) {
    case 'RequestVoteReply':
      return message.granted;
    case 'AppendEntriesReply':
      return message.success ? { success: true, match: message.match } : { success: false };
    default:
      return null;
  }
}
