import type { Event } from '@raftlens/events';
import type { Cluster } from '../model/cluster.ts';
import type { Leadership } from '../model/leadership.ts';
import { describeConfig, isVoter } from '../model/quorum.ts';
import type { ConfigModel, ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/**
 * How many AppendEntries may still go to a server after its removal was committed and it has acknowledged all that it does, and leave a
 * leader after its own: who is removed has to be told.
 */
const FAREWELLS_MAX = 20;

/** Changes of the configuration (6; thesis 4). */
export class MembershipRules {
  private readonly rule: Rule;
  private readonly cluster: Cluster;

  constructor(book: Rulebook, cluster: Cluster) {
    this.rule = book.rule('membership');
    this.cluster = cluster;
  }

  /** Another configuration comes into force. A truncated log brings an earlier one back, which is no change of its own. */
  changes(server: ServerModel, event: Event, next: ConfigModel): void {
    const before = server.config;
    if (next.index > 0 && next.index === server.restoreIndex) {
      this.restored(server, event, next);
      return;
    }
    // What a snapshot covers came with the snapshot: an installed one brings its configuration along (figure 13, rule 8).
    if (before === null || server.truncated || next.index <= before.index || next.index <= server.restoreIndex) return;
    this.rule.checked++;
    if (next.index <= server.commit) {
      this.rule.broken(
        event,
        [server.commitSeq],
        `${server.id} goes by the configuration of index ${next.index} only now that it is committed`,
        'to go by it from its append on',
      );
    }
    if (server.role !== 'leader') return;
    if (before.index > server.commit) {
      this.rule.broken(
        event,
        [before.seq],
        `${server.id} changes the configuration at index ${next.index} while that of index ${before.index} is not committed`,
        'one change at a time',
      );
    }
    this.transition(event, server, before, next);
  }

  /** A snapshot brings the configuration of its index, which was committed long before this server heard of it (7). */
  private restored(server: ServerModel, event: Event, next: ConfigModel): void {
    const known = this.cluster.configs.certainAt(next.index);
    if (known === null) {
      this.rule.skip(`it is not told which configuration was in force at index ${next.index}`);
      return;
    }
    this.rule.checked++;
    if (sameNames(known.voters, next.voters) && sameNames(known.outgoing, next.outgoing) && sameNames(known.learners, next.learners))
      return;
    this.rule.broken(
      event,
      [known.seq],
      `${server.id} takes ${describeConfig(next)} out of a snapshot of index ${next.index}, but ${describeConfig(known)} was in force there`,
      `the configuration of index ${known.index}`,
    );
  }

  private transition(event: Event, server: ServerModel, before: ConfigModel, next: ConfigModel): void {
    const from = describeConfig(before);
    const to = describeConfig(next);
    if (before.outgoing.length > 0) {
      if (next.outgoing.length === 0 && sameNames(next.voters, before.voters)) return;
      this.rule.broken(
        event,
        [before.seq],
        `${server.id} goes from the joint configuration ${from} to ${to}`,
        `{${before.voters.join(', ')}}`,
      );
    } else if (next.outgoing.length > 0) {
      const demoted = next.learners.filter((id) => next.outgoing.includes(id));
      if (sameNames(next.outgoing, before.voters) && demoted.length === 0) return;
      const why = demoted.length > 0 ? `, with ${demoted.join(', ')} demoted at once` : '';
      this.rule.broken(
        event,
        [before.seq],
        `${server.id} goes from ${from} to the joint configuration ${to}${why}`,
        `a joint configuration whose old half is {${before.voters.join(', ')}}`,
      );
    } else if (differences(before.voters, next.voters) > 1) {
      this.rule.broken(
        event,
        [before.seq],
        `${server.id} goes from ${from} to ${to} in one step`,
        'one server at a time, or a joint configuration',
      );
    }
  }

  /** A leader steps down without a higher term. If it was removed it leaves once C_new is committed, and not before. */
  stepsDown(server: ServerModel, event: Event): void {
    const { config } = server;
    if (config === null || isVoter(config, server.id) || !/remov|config/i.test(event.why ?? '')) return;
    this.rule.checked++;
    if (config.index <= (event.commit ?? server.commit)) return;
    this.rule.broken(
      event,
      [config.seq],
      `${server.id} steps down because ${describeConfig(config)} lacks it, but that configuration (index ${config.index}) is not committed`,
      `to lead until index ${config.index} is committed`,
    );
  }

  /** A leader sends AppendEntries: not to those who were removed, nor when it was removed itself, once that is committed. */
  sendsTo(server: ServerModel, event: Event): void {
    const { config, leadership } = server;
    if (config === null || leadership === null || config.outgoing.length > 0 || config.index > server.commit) return;
    if (!isVoter(config, server.id)) this.leadsOn(server, event, config, leadership);
    const { dst } = event;
    if (config.voters.includes(dst) || config.learners.includes(dst)) return;
    const peer = leadership.peer(dst);
    peer.farewells++;
    if (peer.farewells !== FAREWELLS_MAX) return;
    this.rule.checked++;
    this.rule.broken(
      event,
      [config.seq, server.commitSeq],
      `${server.id} goes on sending AppendEntries to ${dst}, which the committed configuration ${describeConfig(config)} has removed`,
      'no more messages to it',
    );
  }

  private leadsOn(server: ServerModel, event: Event, config: ConfigModel, leadership: Leadership): void {
    leadership.farewells++;
    if (leadership.farewells !== FAREWELLS_MAX) return;
    this.rule.checked++;
    this.rule.broken(
      event,
      [config.seq, server.commitSeq],
      `${server.id} goes on leading, although the committed configuration ${describeConfig(config)} has removed it`,
      'to step down',
    );
  }
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

function differences(a: readonly string[], b: readonly string[]): number {
  return a.filter((name) => !b.includes(name)).length + b.filter((name) => !a.includes(name)).length;
}
