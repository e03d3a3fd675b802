import type { Event, Opcode, Role } from '@raftlens/events';

/** The role that a server has once it has made the step. */
const ROLE_AFTER: Partial<Record<Opcode, Role>> = {
  BecomeFollower: 'follower',
  BecomePreCandidate: 'precandidate',
  BecomeCandidate: 'candidate',
  BecomeLeader: 'leader',
};

/** The role to which the step converts the server, where it does. */
export function roleAfter({ op }: Event): Role | undefined {
  return ROLE_AFTER[op];
}

/** Whether the line says in passing what state the server is in, and not only what has just changed. */
export function carriesState({ op, dir, role }: Event): boolean {
  return dir !== undefined || (role !== undefined && ROLE_AFTER[op] === undefined);
}
