import type { Command, Message } from '@raftlens/raft';
import type { RaftCore } from '@raftlens/raft/core';
import type { PersistEffect, Proposed, SendEffect } from '@raftlens/raft/state-machine';
import { assert } from '../protocol/assert.ts';
import type { Boot, MembershipChange, ServerStatus, Structure, StructureFactory, StructureHost } from '../protocol/structure.ts';

/** Structure A: runs the single-threaded state machine of a core, real or patched, and performs its effects in order. */
export function stateMachineFactory(core: RaftCore): StructureFactory {
  return (boot, host) => new StateMachineServer(core, boot, host);
}

class StateMachineServer implements Structure {
  readonly #machine: InstanceType<RaftCore['StateMachine']>;
  readonly #host: StructureHost;
  /** The last write that is durable. */
  #durable = 0;
  /** Messages that wait for a write, in order. */
  #held: SendEffect[] = [];
  #stopped = false;
  #performing = false;

  constructor(core: RaftCore, boot: Boot, host: StructureHost) {
    this.#host = host;
    this.#machine = new core.StateMachine(boot, host.clock.nowMs());
  }

  start(): void {
    this.#perform();
  }

  get deadlineMs(): number {
    return this.#machine.deadlineMs;
  }

  get leads(): boolean {
    return this.#machine.leads;
  }

  tick(): void {
    this.#machine.tick(this.#host.clock.nowMs());
    this.#perform();
  }

  receive(message: Message): void {
    this.#machine.receive(message, this.#host.clock.nowMs());
    this.#perform();
  }

  propose(command: Command): Proposed | null {
    const proposed = this.#machine.propose([command], this.#host.clock.nowMs());
    this.#perform();
    return proposed;
  }

  change(change: MembershipChange): Proposed | null {
    const proposed = this.#machine.changeConfiguration(change, this.#host.clock.nowMs());
    this.#perform();
    return proposed;
  }

  read(ctx: string): void {
    this.#machine.read(ctx, this.#host.clock.nowMs());
    this.#perform();
  }

  transfer(target: string): void {
    this.#machine.transferLeadership(target, this.#host.clock.nowMs());
    this.#perform();
  }

  campaign(): void {
    this.#machine.campaign(this.#host.clock.nowMs());
    this.#perform();
  }

  forgetLeader(): void {
    this.#machine.forgetLeader(this.#host.clock.nowMs());
    this.#perform();
  }

  unreachable(peer: string): void {
    this.#machine.reportUnreachable(peer, this.#host.clock.nowMs());
    this.#perform();
  }

  snapshot(index: number, data: Uint8Array): void {
    this.#machine.snapshotTaken(index, data, this.#host.clock.nowMs());
    this.#perform();
  }

  durable(id: number): void {
    this.#persisted(id);
    this.#perform();
  }

  applied(index: number): void {
    this.#machine.applied(index, this.#host.clock.nowMs());
    this.#perform();
  }

  status(): ServerStatus {
    const status = this.#machine.status();
    const { term, commit, applied, lastLogIndex } = status;
    const { voters, outgoing, learners } = status.configuration;
    return {
      term,
      leader: status.role === 'leader',
      commit,
      applied,
      lastIndex: lastLogIndex,
      voters,
      outgoing,
      learners,
      changing: outgoing.length > 0,
    };
  }

  stop(): void {
    this.#stopped = true;
    this.#held = [];
  }

  /** Performs what the last input brought, and what performing it brings, until nothing is left. Inputs from within only add to it. */
  #perform(): void {
    if (this.#performing) return;
    this.#performing = true;
    for (;;) {
      const effects = this.#stopped ? [] : this.#machine.takeEffects();
      if (effects.length === 0) break;
      for (const effect of effects) {
        if (this.#stopped) break;
        switch (effect.kind) {
          case 'persist':
            this.#persist(effect);
            break;
          case 'send':
            this.#send(effect);
            break;
          case 'apply':
            this.#host.apply(effect.entries);
            break;
          case 'restore':
            this.#host.restore(effect.snapshot);
            break;
          case 'read':
            this.#host.readReady(effect.ctx, effect.index);
            break;
          case 'notice':
            // The trace has it too, as the Progress of the peer.
            break;
        }
      }
    }
    this.#performing = false;
  }

  #persist(effect: PersistEffect): void {
    if (this.#host.persist(effect) === 'durable') this.#persisted(effect.id);
  }

  #persisted(id: number): void {
    if (this.#stopped) return;
    this.#durable = id;
    this.#machine.persisted(id, this.#host.clock.nowMs());
    if (this.#held.length === 0) return;
    const held = this.#held;
    this.#held = [];
    assert(!this.#stopped, 'a stopped server sends nothing');
    for (const effect of held) this.#send(effect);
  }

  #send(effect: SendEffect): void {
    if (effect.after > this.#durable) {
      this.#held.push(effect);
      return;
    }
    this.#machine.sending(effect);
    this.#host.send(effect.message);
  }
}
