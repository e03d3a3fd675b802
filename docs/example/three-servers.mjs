// Three servers in one process: the network is a list, the disk forgets nothing, for nobody crashes. Writes events.ndjson for `raftlens check`.
//   npm install PATH_TO_RAFTLENS/packages/raft PATH_TO_RAFTLENS/packages/events && node three-servers.mjs && raftlens check events.ndjson
import { openEventLog } from '@raftlens/events/event-log';
import { configurationOf, defaultConfig, perform, StateMachine } from '@raftlens/raft';

const ids = ['S1', 'S2', 'S3'];
const log = openEventLog('events.ndjson');
const network = [];
let messages = 0;
let nowMs = 0;

const servers = ids.map((id) => {
  const durable = { term: 0, vote: null, snapshot: null, entries: [] };
  const trace = (event) => log.write({ ...event, time: nowMs });
  const machine = new StateMachine(
    {
      id,
      boot: 1,
      configuration: configurationOf(ids),
      config: defaultConfig,
      durable,
      random: Math.random,
      nextMessageId: () => ++messages,
      trace,
    },
    nowMs,
  );
  const store = [];
  const host = {
    persist: () => {}, // a write to the disk, which returns once it would survive a crash
    send: (message) => network.push(message),
    apply: (entries) => store.push(...entries.map(({ command }) => command)),
    restore: () => {},
    read: () => {},
  };
  return { id, machine, store, run: () => perform(machine, host, nowMs) };
});

for (; nowMs < 2000; nowMs++) {
  for (const message of network.splice(0)) servers.find(({ id }) => id === message.to).machine.receive(message, nowMs);
  for (const { machine } of servers) machine.tick(nowMs);
  if (nowMs % 100 === 0) servers[0].machine.propose([`put x ${nowMs}`], nowMs); // a follower hands it on to the leader
  for (const { run } of servers) run();
}
log.close();
for (const { id, machine, store } of servers)
  console.log(id, machine.status().role, 'of term', machine.status().term, 'has applied', store.length, 'commands');
