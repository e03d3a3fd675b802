import { encodeConfiguration } from '../configuration-codec.ts';
import { type ConfigurationChange, configurationFor, mayChange } from '../rules/membership.ts';
import { appendConfiguration } from './committing.ts';
import type { Proposed } from './proposals.ts';
import type { Server } from './server.ts';

/**
 * Starts a change of the members (6). The joint configuration is left by itself. Null where it was not started: this server does not lead
 * or is handing over, an earlier change is not finished, nothing of its own term is committed yet, or nothing would change.
 */
export function changeConfiguration(server: Server, change: ConfigurationChange): Proposed | null {
  const { role, transfer, configuration, configurations, commit, log, term } = server;
  if (role !== 'leader' || transfer !== null || !mayChange(configuration, configurations.index, commit, log.termAt(commit), term)) {
    return null;
  }
  const wanted = configurationFor(configuration, change);
  if (wanted === null) {
    return null;
  }
  appendConfiguration(server, encodeConfiguration(wanted));
  return { index: log.lastIndex, term };
}
