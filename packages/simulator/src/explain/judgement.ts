import type { Event } from '@raftlens/events';
import type { About, Failure } from '../protocol/failure.ts';

/** Of each thing that a check looked at, so many lines at most. */
const LINES_EACH_MAX = 6;
/** Of the history of a key: so many of the last lines. */
const HISTORY_MAX = 16;
/** How many of the last elections are told where nothing else is known. */
const ELECTIONS_MAX = 4;

/**
 * What a scenario's own check read when it failed, as positions of events: the lines that made the state which it looked at. A check says what
 * that was (`Failure.about`); of one that does not, whom and what its message names, or else what the cluster achieved last and who was elected last.
 */
export function readBy(events: readonly Event[], failure: Failure | null): number[] {
  const about = failure?.about ?? namedIn(failure?.message ?? '');
  const found = [
    ...(about.key === undefined ? [] : historyOf(events, about.key)),
    ...(about.read === undefined ? [] : readOf(events, about)),
    ...(about.term === undefined ? [] : leadersOf(events, about.term)),
    ...indicesOf(events, about).flatMap((index) => entryAt(events, index, about.servers ?? [])),
    ...(about.servers ?? []).flatMap((server) => lastStepsOf(events, server)),
  ];
  return found.length === 0 ? lastAchieved(events) : [...new Set(found)];
}

/** Servers and an index, as a message tells of them. */
function namedIn(message: string): About {
  const servers = [...new Set(message.match(/\bS[1-9]\d?\b/g))];
  const index = /\bindex (\d+)/.exec(message)?.[1];
  return { ...(servers.length === 0 ? {} : { servers }), ...(index === undefined ? {} : { index: Number(index) }) };
}

/** The last lines that match. */
function last(events: readonly Event[], matches: (event: Event) => boolean, max = 1): number[] {
  const found: number[] = [];
  for (let at = events.length - 1; at >= 0 && found.length < max; at -= 1) {
    const event = events[at];
    if (event !== undefined && matches(event)) found.push(at);
  }
  return found;
}

/** The index that is named, or those at which the command was put. */
function indicesOf(events: readonly Event[], { index, command }: About): number[] {
  if (index !== undefined) return [index];
  if (command === undefined) return [];
  const starts = last(events, (event) => event.op === 'Start' && event.cmd === command, 2);
  return [...new Set(starts.map((at) => events[at]?.index ?? 0))];
}

/** Who put an entry at the index and who took one away, who committed and applied it, and what became of it at those who lack it. */
function entryAt(events: readonly Event[], index: number, lacking: readonly string[]): number[] {
  const covers = ({ index: from = 0, n = 1 }: Event): boolean => from <= index && index < from + n;
  const steps = last(
    events,
    (event) =>
      ((event.op === 'Append' || event.op === 'Start') && covers(event)) ||
      (event.op === 'Truncate' && (event.index ?? 0) <= index) ||
      (event.op === 'Apply' && event.index === index),
    LINES_EACH_MAX,
  );
  const commit = last(events, (event) => event.op === 'Commit' && (event.from ?? 0) < index && index <= (event.index ?? 0));
  const sent = lacking.flatMap((server) => [
    ...last(events, (event) => event.op === 'Progress' && event.peer === server),
    ...last(
      events,
      ({ op, dir, dst }) => dst === server && (dir === 'recv' || dir === 'drop') && (op === 'AppendEntries' || op === 'InstallSnapshot'),
    ),
  ]);
  return [...steps, ...commit, ...sent];
}

/** What a server did last: to its role, to its log, to its state and to its disk. */
function lastStepsOf(events: readonly Event[], server: string): number[] {
  const own = (ops: readonly string[]): number[] =>
    last(events, ({ node, dir, op }) => node === server && dir === undefined && ops.includes(op));
  return [
    ...own(['BecomeFollower', 'BecomePreCandidate', 'BecomeCandidate', 'BecomeLeader', 'TransferLeader']),
    ...own(['Append', 'Truncate', 'SnapshotInstalled']),
    ...own(['SnapshotTaken']),
    ...own(['ConfigChange']),
    ...own(['Commit', 'Apply']),
    ...own(['Boot']),
    ...own(['Persist']),
    ...last(events, ({ node, dir }) => node === server && dir === 'recv'),
    ...last(
      events,
      ({ node, dir, op, granted }) =>
        node === server && dir === 'recv' && (op === 'RequestVoteReply' || op === 'PreVoteReply') && granted === false,
    ),
  ];
}

/** The read, and the first entry that it should have seen and did not: somebody had applied it already. */
function readOf(events: readonly Event[], { read, index }: About): number[] {
  const served = last(events, (event) => event.op === 'ReadReady' && event.ctx === read);
  const missed = events.findIndex((event) => event.op === 'Apply' && event.index === index);
  return missed < 0 ? served : [...served, missed];
}

function leadersOf(events: readonly Event[], term: number): number[] {
  return last(events, (event) => event.op === 'BecomeLeader' && event.term === term, LINES_EACH_MAX);
}

/** What clients called and were told of the key, and which server took it in. */
function historyOf(events: readonly Event[], key: string): number[] {
  const about = (event: Event): boolean =>
    event.client !== undefined ? event.key === key : event.op === 'Start' && event.cmd?.split(' ').includes(key) === true;
  return last(events, (event) => about(event) || event.op === 'BecomeLeader' || event.op === 'ReadReady', HISTORY_MAX);
}

function lastAchieved(events: readonly Event[]): number[] {
  return [
    ...last(events, (event) => event.op === 'Commit' && event.role === 'leader'),
    ...last(events, (event) => event.op === 'BecomeLeader', ELECTIONS_MAX),
  ];
}
