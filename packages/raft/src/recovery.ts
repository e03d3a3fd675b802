import { configurationOf, membersOf, type ServerId } from './configuration.ts';
import { encodeConfiguration } from './configuration-codec.ts';
import type { DurableState } from './durable-state.ts';
import type { PersistEffect } from './effect.ts';
import { createEntry } from './entry.ts';
import { ContractError } from './errors.ts';
import { EventRecord } from './event-record.ts';
import { type ConfigurationChange, problemOfChange } from './rules/membership.ts';

/** What to write to the disk of a server that is down, and what that disk holds then. */
export interface ForcedConfiguration {
  readonly write: PersistEffect;
  readonly durable: DurableState;
}

/**
 * UNSAFE. Recovery of a lost quorum by hand: most voters are gone for good, so that the others can neither elect nor change the members.
 * The configuration of one survivor, which is down, is replaced without asking anybody.
 *
 * What it can cost: entries that only the lost servers held are gone, although they were committed and clients were told so; and whatever
 * this server holds beyond its commit index becomes committed, although nobody was promised that. If one of those that were taken for lost
 * comes back with its disk, two clusters answer under one name.
 *
 * So: stop all survivors. Take the one whose log is newest (the higher last term; of equal ones the higher last index), and no other. Force
 * the configuration there, with survivors as its only voters. Start it, and then the others, which get the entry by replication. Never start
 * one of the lost servers again but with an empty disk, as a new member.
 *
 * @param server the survivor; it has to be a voter of the configuration.
 * @throws ContractError `BAD_CONFIGURATION`.
 */
export function forceConfiguration(server: ServerId, durable: DurableState, members: ConfigurationChange): ForcedConfiguration {
  const problem =
    problemOfChange(members) ?? (members.voters.includes(server) ? null : `${server} is no voter of it, and nobody else has it`);
  if (problem !== null) {
    throw new ContractError('BAD_CONFIGURATION', `${server}: ${problem}`);
  }
  const { snapshot, entries } = durable;
  // An index and a term name one entry (figure 3, Log Matching): no leader of a term that is known here has written this one.
  const term = durable.term + 1;
  const index = (entries.at(-1)?.index ?? snapshot?.index ?? 0) + 1;
  const configuration = configurationOf([...members.voters], [...members.learners]);
  const entry = createEntry(index, term, 'config', encodeConfiguration(configuration));
  const hardState = { term, vote: null };
  return {
    write: { kind: 'persist', id: 1, hardState, truncateFrom: 0, entries: [entry], snapshot: null, keepLog: true },
    durable: { ...hardState, snapshot, entries: [...entries, entry] },
  };
}

/**
 * The line that tells a log of it. With it the checker judges what follows as another cluster, and says so; without it, it would name the
 * committed entries that are gone as broken rules, which they are.
 */
export function forcedConfigurationEvent(server: ServerId, members: ConfigurationChange, time: number): ReturnType<EventRecord['asEvent']> {
  const event = new EventRecord();
  event.time = time;
  event.node = server;
  event.op = 'Fault';
  event.src = server;
  event.dst = server;
  event.target = server;
  event.kind = 'forced-configuration';
  event.detail = `its members are now ${membersOf(configurationOf(members.voters, members.learners)).join(', ')}, by hand`;
  return event.asEvent();
}
