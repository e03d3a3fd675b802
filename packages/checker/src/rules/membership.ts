import { describeConfig, isVoter } from '../model/quorum.ts';
import type { ConfigModel } from '../model/server-model.ts';
import type { ConfigStep, PeerStep, RoleStep, Step } from '../model/step.ts';
import { mayStand } from './elections.ts';
import { at, type Broken, broken, HELD, type RuleRow, unknown, type Verdict } from './rule.ts';

/**
 * How many AppendEntries may still go to a server after its removal was committed and it has acknowledged all that it does, and leave a
 * leader after its own: who is removed has to be told.
 */
const FAREWELLS_MAX = 20;

/** Changes of the configuration (6; thesis 4). */
export const MEMBERSHIP = {
  membership: {
    title: 'Cluster membership',
    section: '6; thesis 4',
    about: 'membership',
    text: 'A server goes by the latest configuration in its log from the moment it is appended; there is one uncommitted change at a time, and who stands is a voter, or was one before a change that is not committed yet.',
    kind: 'step',
    checks: [
      at('owes its configuration', { reads: ['duties', 'members'], judge: stepsBack }),
      at('config', {
        reads: ['role', 'term', 'commit', 'log', 'members', 'received InstallSnapshots'],
        counts: false,
        judge: knowsOfNoOther,
      }),
      at('BecomePreCandidate', { reads: ['commit', 'log', 'members'], judge: mayStand }),
      at('role', { reads: ['commit', 'log', 'members'], judge: (step) => (step.toRole === 'candidate' ? mayStand(step) : null) }),
      at('role', { reads: ['role', 'term', 'commit', 'members'], judge: stepsDown }),
      at('config', { reads: ['role', 'commit', 'log', 'members', 'received InstallSnapshots'], judge: changes }),
      at('sends a farewell', { reads: ['commit', 'members'], judge: leadsOn }),
      at('sends a farewell', { reads: ['commit', 'members'], judge: sendsOn }),
    ],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

/** Another configuration comes into force. A truncated log brings an earlier one back, which is no change of its own. */
function changes(step: ConfigStep): Verdict {
  const { server, next } = step;
  const { config: before } = server;
  if (next.index > 0 && next.index === server.restoreIndex) return restored(step);
  // What a snapshot covers came with the snapshot: an installed one brings its configuration along (figure 13, rule 8).
  if (before === null || server.truncated || next.index <= before.index || next.index <= server.restoreIndex) return null;
  const wrong: Broken[] = [];
  if (next.index <= server.commit)
    wrong.push(
      broken(
        [server.commitSeq],
        `${server.id} goes by the configuration of index ${next.index} only now that it is committed`,
        'to go by it from its append on',
      ),
    );
  if (server.role === 'leader' && before.index > server.commit)
    wrong.push(
      broken(
        [before.seq],
        `${server.id} changes the configuration at index ${next.index} while that of index ${before.index} is not committed`,
        'one change at a time',
      ),
    );
  const leap = server.role === 'leader' ? transition(server.id, before, next) : null;
  if (leap !== null) wrong.push(leap);
  return wrong.length === 0 ? HELD : wrong;
}

/** What an earlier leader has left uncommitted may be a change as well: nothing of the own term is committed, so that nobody knows (thesis 4.1). */
function knowsOfNoOther({ server, next, config: before }: ConfigStep): Verdict {
  if (server.role !== 'leader' || before === null || server.truncated || next.index <= Math.max(before.index, server.restoreIndex))
    return null;
  // Leaving a joint configuration is no change of its own, and that one has to be committed before.
  const term = before.outgoing.length > 0 ? -1 : server.log.termAt(server.commit);
  // A cluster that has committed nothing at all has had no other change.
  if (term <= 0 || server.term < 0 || term === server.term) return null;
  return broken(
    [server.roleSeq, server.commitSeq],
    `${server.id} changes the configuration at index ${next.index} in term ${server.term}, and its last committed entry is of term ${term}`,
    'to commit an entry of its own term first (thesis 4.1)',
  );
}

/** The entry of the configuration in force was cut, and the server goes on by it (6). */
function stepsBack({ server: { id, duties, configBefore }, config }: Step): Verdict {
  if (config === null || configBefore === null) return null;
  return broken(
    [config.seq, duties.revertSeq],
    `${id} has cut its log from index ${duties.revertIndex} on and goes on by ${describeConfig(config)}, whose entry stood at index ${config.index}`,
    `to go by ${describeConfig(configBefore)} again, and to tell it (ConfigChange)`,
  );
}

/** A snapshot brings the configuration of its index, which was committed long before this server heard of it (7). */
function restored({ server, cluster, next }: ConfigStep): Verdict {
  const known = cluster.configs.certainAt(next.index);
  if (known === null) return unknown(`it is not told which configuration was in force at index ${next.index}`);
  if (sameNames(known.voters, next.voters) && sameNames(known.outgoing, next.outgoing) && sameNames(known.learners, next.learners))
    return HELD;
  return broken(
    [known.seq],
    `${server.id} takes ${describeConfig(next)} out of a snapshot of index ${next.index}, but ${describeConfig(known)} was in force there`,
    `the configuration of index ${known.index}`,
  );
}

function transition(id: string, before: ConfigModel, next: ConfigModel): Broken | null {
  const from = describeConfig(before);
  const to = describeConfig(next);
  const old = before.voters.join(', ');
  if (before.outgoing.length > 0) {
    if (next.outgoing.length === 0 && sameNames(next.voters, before.voters)) return null;
    return broken([before.seq], `${id} goes from the joint configuration ${from} to ${to}`, `{${old}}`);
  }
  if (next.outgoing.length === 0) {
    if (differences(before.voters, next.voters) <= 1 || !next.isPhaseTold) return null;
    return broken([before.seq], `${id} goes from ${from} to ${to} in one step`, 'one server at a time, or a joint configuration');
  }
  const demoted = next.learners.filter((learner) => next.outgoing.includes(learner));
  if (sameNames(next.outgoing, before.voters) && demoted.length === 0) return null;
  const why = demoted.length > 0 ? `, with ${demoted.join(', ')} demoted at once` : '';
  return broken(
    [before.seq],
    `${id} goes from ${from} to the joint configuration ${to}${why}`,
    `a joint configuration whose old half is {${old}}`,
  );
}

/** A leader steps down without a higher term. If it was removed it leaves once C_new is committed, and not before. */
function stepsDown({ server, event, from, fromRole, toRole }: RoleStep): Verdict {
  if (toRole !== 'follower' || fromRole !== 'leader' || from !== server.term) return null;
  const { config } = server;
  if (config === null || isVoter(config, server.id) || !/remov|config/i.test(event.why ?? '')) return null;
  if (config.index <= (event.commit ?? server.commit)) return HELD;
  return broken(
    [config.seq],
    `${server.id} steps down because ${describeConfig(config)} lacks it, but that configuration (index ${config.index}) is not committed`,
    `to lead until index ${config.index} is committed`,
  );
}

/** A leader that was removed goes on sending AppendEntries. */
function leadsOn({ server, leadership }: PeerStep): Verdict {
  const { config } = server;
  if (config === null || leadership.farewells !== FAREWELLS_MAX || isVoter(config, server.id)) return null;
  return broken(
    [config.seq, server.commitSeq],
    `${server.id} goes on leading, although the committed configuration ${describeConfig(config)} has removed it`,
    'to step down',
  );
}

/** A leader goes on sending AppendEntries to one who was removed. */
function sendsOn({ server, event, peer }: PeerStep): Verdict {
  const { config } = server;
  if (config === null || peer.farewells !== FAREWELLS_MAX || isMember(config, event.dst)) return null;
  return broken(
    [config.seq, server.commitSeq],
    `${server.id} goes on sending AppendEntries to ${event.dst}, which the committed configuration ${describeConfig(config)} has removed`,
    'no more messages to it',
  );
}

function isMember({ voters, learners }: ConfigModel, id: string): boolean {
  return voters.includes(id) || learners.includes(id);
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

function differences(a: readonly string[], b: readonly string[]): number {
  return a.filter((name) => !b.includes(name)).length + b.filter((name) => !a.includes(name)).length;
}
