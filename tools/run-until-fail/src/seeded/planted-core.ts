import { BugZooError, loadCore } from '@raftlens/bug-zoo';
import { UserError } from '@raftlens/command-line';
import type { RaftCore } from '@raftlens/raft/core';

/** @throws UserError with the code of what is wrong with the bug or its patch */
export async function plantedCore(bug: string): Promise<RaftCore> {
  try {
    return await loadCore(bug);
  } catch (error) {
    throw asUserError(error);
  }
}

/** What is wrong with a patch is a mistake of the user, and not of the tool. */
export function asUserError(error: unknown): unknown {
  return error instanceof BugZooError ? new UserError(error.code, error.message, { cause: error }) : error;
}
