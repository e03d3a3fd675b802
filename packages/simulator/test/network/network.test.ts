import type { Message } from '@raftlens/raft';
import { assert, suite } from '@raftlens/testing';
import { TapeDeck } from '../../src/engine/tape-deck.ts';
import { VirtualTime } from '../../src/engine/virtual-time.ts';
import { Network } from '../../src/network/network.ts';
import { RELIABLE, UNRELIABLE } from '../../src/protocol/network-model.ts';
import type { Tape } from '../../src/protocol/tape.ts';

const it = suite('network');

const request = (id: number): Message => ({ kind: 'TimeoutNow', id, re: 0, from: 'S1', to: 'S2', term: 1 });
const reply = (id: number): Message => ({ kind: 'RequestVoteReply', id, re: 1, from: 'S1', to: 'S2', term: 1, granted: true });

/** Sends by the script and gives what came out of the network, as "time id" or "why id". */
async function play(script: (network: Network, time: VirtualTime) => void | Promise<void>, tape?: Tape): Promise<string[]> {
  const time = new VirtualTime();
  const said: string[] = [];
  const port = {
    life: 1,
    receive: (message: Message) => said.push(`${time.nowMs} ${message.id}`) > 0,
    dropped: (message: Message, why: string) => void said.push(`${why} ${message.id}`),
  };
  const network = new Network(2, time, new TapeDeck({ seed: '5', play: tape }), [port, port]);
  await time.run(
    async () => {
      await script(network, time);
      await time.sleepUs(20_000_000);
    },
    { virtualMs: 60_000, realMs: 5000 },
  );
  return said;
}

const calm = (draws: Record<string, readonly number[]> = {}): Tape => ({ version: 1, rest: 'calm', draws });

it('carries messages in order and at once when it is calm', async () => {
  assert.equal(await play((network) => [1, 2, 3].forEach((id) => network.send(0, 1, request(id))), calm()), ['0.02 1', '0.02 2', '0.02 3']);
});

it('delays by what was drawn, which brings messages out of order', async () => {
  const said = await play(
    (network) => {
      network.model = UNRELIABLE;
      network.send(0, 1, request(1));
      network.send(0, 1, request(2));
    },
    calm({ 'net.delay S1->S2': [0, 26_000, 1, 5000] }),
  );
  assert.equal(said, ['5.02 2', '26.02 1']);
});

it('loses about one request in ten and one reply in ten when it is unreliable', async () => {
  const said = await play((network) => {
    network.model = UNRELIABLE;
    for (let id = 1; id <= 2000; id += 1) network.send(0, 1, id % 2 === 0 ? request(id) : reply(id));
  });
  const lost = said.filter((line) => line.startsWith('lost'));
  assert.ok(lost.length > 150 && lost.length < 250, `lost ${lost.length} of 2000`);
});

it('reorders long: about two replies in three come 200 to 2200 ms late', async () => {
  const said = await play((network) => {
    network.model = { ...RELIABLE, longReordering: true };
    for (let id = 1; id <= 1000; id += 1) network.send(0, 1, reply(id));
  });
  const times = said.map((line) => Number(line.split(' ')[0]));
  const late = times.filter((ms) => ms >= 200);
  assert.ok(late.length > 600 && late.length < 730, `${late.length} of 1000 were late`);
  assert.ok(Math.max(...late) <= 2200);
});

it('delivers a message twice when it duplicates', async () => {
  const said = await play(
    (network) => {
      network.model = { ...RELIABLE, duplicatePerMille: 100, duplicateDelayMaxUs: 1_000_000 };
      network.send(0, 1, request(1));
    },
    calm({ 'net.duplicate S1->S2': [0, 0, 1, 500_000] }),
  );
  assert.equal(said, ['0.02 1', '500.02 1']);
});

it('holds back what is sent over a clogged link, and lets it go when it is unclogged', async () => {
  const said = await play(async (network, time) => {
    network.clog(0, 1);
    network.send(0, 1, request(1));
    await time.sleepUs(50_000);
    network.unclog(0, 1);
  }, calm());
  assert.equal(said, ['50.02 1']);
});

it('drops what is sent over a cut link, and what is on its way when the link is cut', async () => {
  const said = await play((network) => {
    network.send(0, 1, request(1));
    network.topology.cut(0, 1, true);
    network.send(0, 1, request(2));
  }, calm());
  assert.equal(said, ['cut 2', 'cut 1']);
});

it('lets a link of limited rate carry one message after the other', async () => {
  const said = await play((network) => {
    network.model = { ...RELIABLE, bytesPerSecondMax: 1000 };
    for (let id = 1; id <= 3; id += 1) network.send(0, 1, request(id));
  }, calm());
  const times = said.map((line) => Number(line.split(' ')[0]));
  assert.ok((times[1] ?? 0) > 1.5 * (times[0] ?? 0) && (times[2] ?? 0) > 2.5 * (times[0] ?? 0), said.join(', '));
});

it('counts requests by receiver, and the bytes of all messages', async () => {
  await play((network) => {
    network.send(0, 1, request(1));
    network.send(0, 1, reply(2));
    assert.is(network.requestsTo(1), 1);
    assert.is(network.messages, 2);
    assert.ok(network.bytes > 0);
  });
});

it('lets one message alone be late, come again or be lost, the nth of its kind', async () => {
  const said = await play((network) => {
    network.destine(0, 1, { kind: 'TimeoutNow', nth: 2, fate: 'late', us: 7000 });
    network.destine(0, 1, { kind: 'any', nth: 4, fate: 'lost', us: 0 });
    network.destine(0, 1, { kind: 'RequestVoteReply', nth: 1, fate: 'again', us: 3000 });
    for (const message of [request(1), reply(2), request(3), request(4), request(5)]) network.send(0, 1, message);
  }, calm());
  assert.equal(said, ['lost 4', '0.02 1', '0.02 2', '0.02 5', '3.02 2', '7.02 3']);
});

it('forgets with all other faults what was to become of messages that were not sent', async () => {
  const said = await play((network) => {
    network.destine(0, 1, { kind: 'any', nth: 1, fate: 'lost', us: 0 });
    network.heal();
    network.send(0, 1, request(1));
  }, calm());
  assert.equal(said, ['0.02 1']);
});
