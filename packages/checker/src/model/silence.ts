import type { Event } from '@raftlens/events';
import { isVoter } from './quorum.ts';
import type { ServerModel } from './server-model.ts';

/** A server has to have heard so many messages of leaders before silence means anything. */
const HEARD_MIN = 3;
/** So many times the longest patience that servers have shown is long. */
const PATIENCES = 10;
/** Where no server has ever stood, and for less than so long in any case, nothing is said. */
const LONG_MS = 10_000;
const SHORT_MS = 2000;

/** A server that has heard of no leader for long, or all servers where `server` is null. */
export interface Silence {
  readonly server: ServerModel | null;
  /** The last line that tells of a leader, or the last line of any server. */
  readonly sinceSeq: number;
  readonly ms: number;
  /** The server has written other lines since. */
  readonly isAlive: boolean;
}

/** When each server last wrote a line, heard of a leader, voted or stood; and how patient they are. */
export class Silences {
  /** The time of the log's latest line, whoever wrote it. */
  lastMs = 0;
  #patienceMs = 0;

  line({ time }: Event): void {
    if (time > this.lastMs) this.lastMs = time;
  }

  /** A line of a server. */
  takes(server: ServerModel, { op, dir, time, seq, granted }: Event): void {
    server.lineMs = time;
    server.lineSeq = seq;
    switch (op) {
      case 'AppendEntries':
      case 'InstallSnapshot':
        if (dir === 'recv') server.heardLeader++;
        break;
      case 'RequestVoteReply':
        if (dir !== 'send' || granted !== true) return;
        break;
      case 'Timeout':
      case 'BecomePreCandidate':
      case 'BecomeCandidate':
        if (server.heardLeader >= HEARD_MIN) this.#patienceMs = Math.max(this.#patienceMs, time - server.restMs);
        break;
      case 'RequestVote':
      case 'PreVote':
      case 'PreVoteReply':
      case 'Start':
      case 'Propose':
      case 'ReadIndex':
      case 'Note':
      case 'Persist':
      case 'Apply':
        return;
      default:
    }
    server.restMs = time;
    server.restSeq = seq;
  }

  /** What is to be told at the end. `boundMs` is 0 where no server tells its timeouts. */
  found(servers: readonly ServerModel[], boundMs: number, isHarnessTold: boolean): Silence[] {
    const longMs = boundMs > 0 ? boundMs : this.#patienceMs > 0 ? Math.max(SHORT_MS, this.#patienceMs * PATIENCES) : LONG_MS;
    const running = servers.filter(({ up, bootSeq }) => up && bootSeq > 0);
    const all = this.#allSilent(running, longMs);
    if (all !== null) return [all];
    return running.filter(isFollower).flatMap((server): Silence[] => {
      const { lineMs, restMs, restSeq } = server;
      const aliveMs = lineMs - restMs;
      // Whoever tells its timeouts and writes lines is judged by them.
      if (aliveMs >= longMs && server.electionTimer === null) return [{ server, sinceSeq: restSeq, ms: aliveMs, isAlive: true }];
      const silentMs = this.lastMs - lineMs;
      if (!isHarnessTold || silentMs < longMs) return [];
      return [{ server, sinceSeq: server.lineSeq, ms: silentMs, isAlive: false }];
    });
  }

  /** Nobody writes any more, although lines of others tell that time goes on. */
  #allSilent(running: readonly ServerModel[], longMs: number): Silence | null {
    if (!running.some(({ heardLeader }) => heardLeader >= HEARD_MIN)) return null;
    const last = running.reduce((one, other) => (other.lineMs > one.lineMs ? other : one));
    const ms = this.lastMs - last.lineMs;
    return ms < Math.max(longMs, SHORT_MS) ? null : { server: null, sinceSeq: last.lineSeq, ms, isAlive: false };
  }
}

/** Whether it has heard of leaders, votes, and does not lead itself. */
function isFollower({ id, heardLeader, role, roleKnown, config, clockIsBent }: ServerModel): boolean {
  if (heardLeader < HEARD_MIN || clockIsBent || (config !== null && !isVoter(config, id))) return false;
  return roleKnown ? role === 'follower' : true;
}
