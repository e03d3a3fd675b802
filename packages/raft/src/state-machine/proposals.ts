import type { Command } from '../entry.ts';
import { commandBytes } from '../entry.ts';
import type { Proposed } from '../proposed.ts';
import { mayPropose } from '../rules/flow.ts';
import { appendOwn } from './appending.ts';
import type { Server } from './server.ts';
import { hardStateWait, post } from './storage.ts';

/**
 * Figure 2, leaders: a command from a client is appended to the log (5.3). Null where it was not: this server does not lead (it forwards
 * where the configuration says so, and nobody will tell where the commands end up), hands over, or has too much uncommitted.
 */
export function propose(server: Server, commands: readonly Command[]): Proposed | null {
  if (commands.length === 0) return null;
  if (server.role !== 'leader') {
    forward(server, commands);
    return null;
  }
  return accept(server, commands);
}

/** A leader takes the commands, whoever brought them. */
export function accept(server: Server, commands: readonly Command[]): Proposed | null {
  if (server.role !== 'leader' || server.transfer !== null || !hasRoom(server, commands)) return null;
  const index = server.log.lastIndex + 1;
  appendOwn(server, 'command', commands);
  return { index, term: server.term };
}

function hasRoom({ uncommittedBytes, config }: Server, commands: readonly Command[]): boolean {
  let bytes = 0;
  for (const command of commands) bytes += commandBytes(command);
  return mayPropose(uncommittedBytes, bytes, config.maxUncommittedBytes);
}

/** Forwarded once, to the leader; a server that is none drops what was forwarded to it, so that nothing goes round in circles. */
function forward(server: Server, commands: readonly Command[]): void {
  const { leader, id: from, term, config } = server;
  if (config.forwardProposals && leader !== null) {
    post(server, { kind: 'Propose', id: server.nextMessageId(), re: 0, from, to: leader, term, commands }, hardStateWait(server));
  }
}
