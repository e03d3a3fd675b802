import type { Event } from '@raftlens/events';

/**
 * What an event means, in words of the paper, for a reader who does not know the format.
 *
 * @param sent of a received message: its sending, which then is told with it.
 */
export function sentenceOf(event: Event, sent?: Event): string {
  if (event.dir !== undefined) return messageSentence(event, sent);
  return event.node === 'TEST' ? harnessSentence(event) : stepSentence(event);
}

/** A message that took longer is late enough to matter. */
const LATE_MS = 10;

function delayOf(event: Event, sent: Event | undefined): string {
  if (sent === undefined) return '';
  const lateMs = event.time - sent.time;
  return lateMs < LATE_MS ? ` (#${sent.seq})` : ` (#${sent.seq}, ${lateMs.toFixed(0)} ms late)`;
}

function messageSentence(event: Event, sent: Event | undefined): string {
  const { src, dst } = event;
  const what = messageContent(event);
  switch (event.dir) {
    case 'send':
      return `${acting(event, src)} sends to ${dst}: ${what}`;
    case 'recv':
      return `${acting(event, dst)} hears from ${src}${delayOf(event, sent)}: ${what}`;
    default:
      return `the network loses from ${src} to ${dst}: ${what}`;
  }
}

function messageContent(event: Event): string {
  const term = `in term ${event.msgTerm ?? '?'}`;
  switch (event.op) {
    case 'RequestVote':
    case 'PreVote':
      return `${event.op === 'PreVote' ? 'would you vote' : 'vote'} for me ${term}; my log ends at ${event.lastLogIndex ?? '?'}, of term ${event.lastLogTerm ?? '?'}`;
    case 'RequestVoteReply':
    case 'PreVoteReply':
      return `${event.granted === true ? 'you have my vote' : 'no vote'} ${term}`;
    case 'AppendEntries':
      return event.n === 0
        ? `heartbeat ${term} after entry ${event.prev ?? '?'}/${event.prevTerm ?? '?'}, committed up to ${event.leaderCommit ?? '?'}`
        : `${entries(event.n)} ${term} after ${event.prev ?? '?'}/${event.prevTerm ?? '?'}, committed up to ${event.leaderCommit ?? '?'}`;
    case 'AppendEntriesReply':
      return event.success === true
        ? `my log equals yours up to ${event.match ?? '?'} (${term})`
        : `my log does not match; back up to ${event.conflictIndex ?? '?'} (${term})`;
    case 'InstallSnapshot':
      return `a snapshot up to ${event.lastIncludedIndex ?? '?'}/${event.lastIncludedTerm ?? '?'}, ${event.bytes ?? '?'} bytes from ${event.offset ?? '?'} on${event.done === true ? ', the last' : ''} (${term})`;
    case 'InstallSnapshotReply':
      return `the snapshot up to ${event.lastIncludedIndex ?? '?'} ${event.success === true ? 'is taken' : 'is refused'} (${term})`;
    case 'ReadIndex':
      return `where may I read ${event.ctx ?? '?'}? (${term})`;
    case 'ReadIndexReply':
      return event.success === true
        ? `read ${event.ctx ?? '?'} at ${event.index ?? '?'} (${term})`
        : `do not read ${event.ctx ?? '?'} (${term})`;
    case 'TimeoutNow':
      return `stand for election at once (${term})`;
    default:
      return `${event.op} (${term})`;
  }
}

/** Who acts, and as what: most rules are about that. */
function acting({ role }: Event, id: string): string {
  return role === undefined ? id : `${id} (${role})`;
}

function stepSentence(event: Event): string {
  const { node, term } = event;
  const who = acting(event, node);
  switch (event.op) {
    case 'Boot':
      return event.boot === 1
        ? `${node} starts`
        : `${node} starts again with what its disk holds: term ${term ?? '?'}, vote ${event.vote ?? 'none'}, log up to ${event.last ?? '?'}`;
    case 'Timeout':
      return `${node}: the ${event.timer ?? ''} timer runs out`;
    case 'BecomeFollower':
      return `${node} becomes a follower of term ${term ?? '?'}${event.why === undefined ? '' : `: ${event.why}`}`;
    case 'BecomePreCandidate':
      return `${node} asks whether it would be elected`;
    case 'BecomeCandidate':
      return `${node} stands for election in term ${term ?? '?'} and votes for itself`;
    case 'BecomeLeader':
      return `${node} leads term ${term ?? '?'}, elected by ${(event.voters ?? []).join(' ') || '?'}; its log ends at ${event.last ?? '?'}/${event.lastTerm ?? '?'}`;
    case 'Vote':
      return `${who} gives its vote of term ${term ?? '?'} to ${event.for ?? '?'}`;
    case 'Start':
      return `${node} takes the command ${JSON.stringify(event.cmd ?? '')} for index ${event.index ?? '?'}`;
    case 'Append':
      return `${who} appends ${entries(event.n)} from index ${event.index ?? '?'} on; its log ends at ${event.last ?? '?'}, of term ${event.lastTerm ?? '?'}`;
    case 'Truncate':
      return `${who} deletes ${entries(event.n)} from index ${event.index ?? '?'} on`;
    case 'Persist':
      return `${who} has made durable: term ${event.durableTerm ?? '?'}, vote ${event.durableVote ?? 'none'}, log up to ${event.durableLast ?? '?'}`;
    case 'Commit':
      return `${node} commits up to index ${event.index ?? '?'} (before: ${event.from ?? '?'}) as ${event.role ?? '?'} of term ${term ?? '?'}`;
    case 'Apply':
      return `${who} applies index ${event.index ?? '?'}, an entry of term ${event.entryTerm ?? '?'}`;
    case 'SnapshotTaken':
      return `${who} replaces its log up to index ${event.index ?? '?'} by a snapshot`;
    case 'SnapshotInstalled':
      return `${who} replaces its state by a snapshot up to index ${event.index ?? '?'}`;
    default:
      return otherStep(event);
  }
}

function otherStep(event: Event): string {
  const { node } = event;
  const who = acting(event, node);
  switch (event.op) {
    case 'ConfigChange':
      return `${who} uses the configuration ${(event.voters ?? []).join(' ')}${(event.outgoing ?? []).length > 0 ? ` jointly with ${(event.outgoing ?? []).join(' ')}` : ''} from now on`;
    case 'Progress':
      return `${node} knows of ${event.peer ?? '?'}: match ${event.match ?? '?'}, next ${event.next ?? '?'}`;
    case 'ReadStart':
      return `${who} notes read index ${event.index ?? '?'} for ${event.ctx ?? '?'}`;
    case 'ReadReady':
      return `${who} lets ${event.ctx ?? '?'} be read at index ${event.index ?? '?'}${event.lease === true ? ', by its lease' : ''}`;
    case 'TransferLeader':
      return `${node} hands over to ${event.target ?? '?'}`;
    case 'Invoke':
      return `client ${node} calls ${event.f ?? '?'} ${event.key ?? ''} ${event.value ?? ''}`.trimEnd();
    case 'Ok':
      return `client ${node}: ${event.f ?? '?'} ${event.key ?? ''} gave ${JSON.stringify(event.value ?? '')}`;
    case 'Fail':
      return `client ${node} is told that ${event.f ?? '?'} ${event.key ?? ''} failed`;
    case 'Info':
      return `client ${node} never learns whether ${event.f ?? '?'} ${event.key ?? ''} took place`;
    default:
      return `${node}: ${event.op}`;
  }
}

function harnessSentence(event: Event): string {
  switch (event.op) {
    case 'Crash':
      return `${event.target ?? '?'} crashes${event.point === undefined ? '' : ` ${event.point}`}`;
    case 'Partition':
      return `the network splits: ${event.groups ?? '?'}`;
    case 'Heal':
      return `the network heals${event.groups === undefined ? '' : `: ${event.groups}`}`;
    case 'Fault':
      return faultSentence(event);
    default:
      return event.detail ?? event.op;
  }
}

function faultSentence({ target, kind, detail }: Event): string {
  if (kind === 'network') return `the network is now: ${(detail ?? '').replace(/handlingMinUs=\d+ handlingMaxUs=\d+ ?/, '') || 'reliable'}`;
  return `${target ?? 'the network'}: ${detail ?? kind ?? 'a fault'}`;
}

function entries(n: number | undefined): string {
  return n === 1 ? '1 entry' : `${n ?? '?'} entries`;
}
