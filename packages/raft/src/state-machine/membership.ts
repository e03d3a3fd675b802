import type { ServerId } from '../configuration.ts';
import { encodeConfiguration } from '../configuration-codec.ts';
import { ContractError } from '../errors.ts';
import type { Proposed } from '../proposed.ts';
import {
  type ConfigurationChange,
  configurationFor,
  mayChange,
  mayReachMajority,
  problemOfChange,
  type Reach,
} from '../rules/membership.ts';
import { appendConfiguration } from './committing.ts';
import type { Server } from './server.ts';

/**
 * Starts a change of the members (6). The joint configuration is left by itself. Null where it was not started: this server does not lead
 * or is handing over, an earlier change is not finished, nothing of its own term is committed yet, nothing would change, or the new voters
 * are not there: none of them was heard from within an election timeout, or a majority is known to be silent.
 *
 * @throws ContractError `BAD_CONFIGURATION` for members that no cluster can have: no voters, an empty id, a server named twice.
 */
export function changeConfiguration(server: Server, change: ConfigurationChange): Proposed | null {
  const { id, role, transfer, configuration, configurations, commit, log, term } = server;
  const problem = problemOfChange(change);
  if (problem !== null) throw new ContractError('BAD_CONFIGURATION', `${id}: ${problem}`);
  if (role !== 'leader' || transfer !== null || !mayChange(configuration, configurations.index, commit, log.termAt(commit), term)) {
    return null;
  }
  const wanted = configurationFor(configuration, change);
  if (wanted === null || !mayReachMajority(wanted.voters, (voter) => reachOf(server, voter))) return null;
  appendConfiguration(server, encodeConfiguration(wanted));
  return { index: log.lastIndex, term };
}

function reachOf({ id: self, members, nowMs, config }: Server, id: ServerId): Reach {
  const peer = members.get(id);
  if (id === self) return 'heard';
  if (peer === undefined) return 'unknown';
  const { state, heardMs, sinceMs } = peer;
  if (state !== 'lost' && nowMs - heardMs < config.electionTimeoutMaxMs) return 'heard';
  return state === 'lost' || nowMs - sinceMs >= config.electionTimeoutMaxMs ? 'silent' : 'unknown';
}
