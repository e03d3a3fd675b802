import type { Message } from '@raftlens/raft';
import { messageBytes } from '@raftlens/raft/messages';
import type { Timed } from '../engine/event-queue.ts';
import type { Draws, TapeDeck } from '../engine/tape-deck.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import { assert } from '../protocol/assert.ts';
import type { MessageFate } from '../protocol/message-fate.ts';
import { type NetworkModel, RELIABLE } from '../protocol/network-model.ts';
import { Fates } from './fates.ts';
import { Topology } from './topology.ts';

/** Why a message did not arrive. */
export type DropReason = 'cut' | 'lost' | 'down';

/** A server's end of the network. */
export interface Port {
  /** Which life of the process this is; it changes when the process dies. */
  readonly life: number;
  /** False when nobody takes the message in: the process is down. */
  receive(message: Message): boolean;
  /** A message that this server sent did not arrive. */
  dropped(message: Message, why: DropReason): void;
}

/** A message that is still in its sender's buffers is lost when the sender dies. */
const LOST_WITH_SENDER_PER_MILLE = 500;

interface LinkDraws {
  readonly delay: Draws;
  readonly loss: Draws;
  readonly duplicate: Draws;
}

/** The network between the servers of a cluster: one directed link for each ordered pair. */
export class Network {
  readonly #servers: number;
  readonly #time: VirtualTime;
  readonly #deck: TapeDeck;
  readonly #ports: readonly Port[];
  readonly #links: (LinkDraws | undefined)[];
  readonly topology: Topology;
  readonly #cuts: Uint8Array;
  /** Messages that a clogged link holds back, undefined where the link is not clogged. */
  readonly #clogs: (Message[] | undefined)[];
  /** When a rate-limited link is free again. */
  readonly #freeAtUs: Float64Array;
  /** Extra handling of a slow server. */
  readonly #slowUs: Float64Array;
  readonly #requests: Float64Array;
  /** Fates that wait for their messages; null while there are none. */
  #fates: Fates | null = null;
  model: NetworkModel = RELIABLE;
  /** Of all messages that were handed to the network, arrived or not. */
  bytes = 0;
  messages = 0;

  /** `ports` are the ends of the servers, by number; they may be plugged in later than this. */
  constructor(servers: number, time: VirtualTime, deck: TapeDeck, ports: readonly Port[]) {
    this.#servers = servers;
    this.#time = time;
    this.#deck = deck;
    this.#ports = ports;
    this.#links = new Array<LinkDraws | undefined>(servers * servers).fill(undefined);
    this.topology = new Topology(servers);
    this.#cuts = this.topology.cuts;
    this.#clogs = new Array<Message[] | undefined>(servers * servers).fill(undefined);
    this.#freeAtUs = new Float64Array(servers * servers);
    this.#slowUs = new Float64Array(servers);
    this.#requests = new Float64Array(servers);
  }

  /** Requests that were sent to the server: what the labs count as its RPCs. */
  requestsTo(server: number): number {
    return this.#requests[server] ?? 0;
  }

  /** Holds all messages of the link back until it is unclogged. */
  clog(src: number, dst: number): void {
    const link = src * this.#servers + dst;
    this.#clogs[link] ??= [];
  }

  /** Nothing that is sent over the link now arrives before something is mended. */
  isHindered(src: number, dst: number): boolean {
    return this.#cuts[src * this.#servers + dst] !== 0 || this.isClogged(src, dst);
  }

  slownessUs(server: number): number {
    return this.#slowUs[server] ?? 0;
  }

  /** Says what becomes of one of the next messages of the link. */
  destine(src: number, dst: number, fate: MessageFate): void {
    assert(src >= 0 && dst >= 0 && src < this.#servers && dst < this.#servers, 'the link is of the cluster');
    this.#fates ??= new Fates();
    this.#fates.add(src * this.#servers + dst, fate);
  }

  isClogged(src: number, dst: number): boolean {
    return this.#clogs[src * this.#servers + dst] !== undefined;
  }

  unclog(src: number, dst: number): void {
    const link = src * this.#servers + dst;
    const held = this.#clogs[link];
    this.#clogs[link] = undefined;
    if (held !== undefined) for (const message of held) this.#carry(src, dst, link, message);
  }

  slow(server: number, extraUs: number): void {
    assert(server >= 0 && server < this.#servers, 'the server is of the cluster');
    this.#slowUs[server] = extraUs;
  }

  /** Joins and unclogs every link, ends slowness, and makes the network reliable: for the liveness phase. */
  heal(): void {
    assert(this.#ports.length === this.#servers, 'every server is plugged in');
    this.model = RELIABLE;
    this.#fates = null;
    this.topology.heal();
    this.#slowUs.fill(0);
    for (let src = 0; src < this.#servers; src += 1) for (let dst = 0; dst < this.#servers; dst += 1) this.unclog(src, dst);
  }

  send(src: number, dst: number, message: Message): void {
    this.messages += 1;
    this.bytes += messageBytes(message);
    if (message.re === 0) this.#requests[dst] = (this.#requests[dst] ?? 0) + 1;
    assert(src < this.#servers && dst < this.#servers, 'messages are between the servers of the cluster');
    const link = src * this.#servers + dst;
    if (this.#cuts[link] !== 0) return this.#ports[src]?.dropped(message, 'cut');
    const held = this.#clogs[link];
    if (held !== undefined) held.push(message);
    else this.#carry(src, dst, link, message);
  }

  /** Called when a message has crossed its link. */
  arrive(src: number, dst: number, message: Message, life: number): void {
    const link = src * this.#servers + dst;
    if (life !== this.#ports[src]?.life && this.#links[link]?.loss.chance(LOST_WITH_SENDER_PER_MILLE) === true) {
      return this.#ports[src]?.dropped(message, 'lost');
    }
    if (this.#cuts[link] !== 0) return this.#ports[src]?.dropped(message, 'cut');
    if (this.#ports[dst]?.receive(message) !== true) this.#ports[src]?.dropped(message, 'down');
  }

  #carry(src: number, dst: number, link: number, message: Message): void {
    const model = this.model;
    const draws = this.#links[link] ?? this.#openLink(src, dst, link);
    const reply = message.re !== 0;
    const fate = this.#fates?.of(link, message.kind);
    if (fate?.fate === 'lost' || draws.loss.chance(reply ? model.replyLossPerMille : model.requestLossPerMille)) {
      return this.#ports[src]?.dropped(message, 'lost');
    }
    const lateUs = fate?.fate === 'late' ? fate.us : 0;
    const delayUs = this.#delayUs(draws.delay, model, reply) + this.#queueUs(link, message, model) + (this.#slowUs[dst] ?? 0) + lateUs;
    assert(delayUs >= 0, 'a message arrives after it was sent');
    const life = this.#ports[src]?.life ?? 0;
    if (fate?.fate === 'again') this.#time.at(this.#time.nowUs + delayUs + fate.us, new Delivery(this, src, dst, message, life));
    this.#time.at(this.#time.nowUs + delayUs, new Delivery(this, src, dst, message, life));
    if (draws.duplicate.chance(model.duplicatePerMille)) {
      const laterUs = draws.duplicate.below(model.duplicateDelayMaxUs + 1);
      this.#time.at(this.#time.nowUs + delayUs + laterUs, new Delivery(this, src, dst, message, life));
    }
  }

  #openLink(src: number, dst: number, link: number): LinkDraws {
    const name = `S${src + 1}->S${dst + 1}`;
    const draws: LinkDraws = {
      delay: this.#deck.draws(`net.delay ${name}`),
      loss: this.#deck.draws(`net.loss ${name}`),
      duplicate: this.#deck.draws(`net.duplicate ${name}`),
    };
    this.#links[link] = draws;
    return draws;
  }

  /** One draw for the whole delay: a tape shows one number a message. Its calm value is the least delay: first in, first out. */
  #delayUs(draws: Draws, model: NetworkModel, reply: boolean): number {
    if (reply && model.longReordering && draws.chance(667)) {
      return 200_000 + 1000 * draws.below(1 + draws.below(2000));
    }
    const delayMaxUs = reply ? model.replyDelayMaxUs : model.requestDelayMaxUs;
    const rangeUs = model.handlingMaxUs - model.handlingMinUs;
    if (!model.exponential || delayMaxUs === 0) return model.handlingMinUs + draws.below(rangeUs + delayMaxUs + 1);
    // -ln(u) / 3 is 1 at the 95th percentile.
    const u = (draws.below(1_000_000, 999_999) + 1) / 1_000_000;
    return model.handlingMinUs + Math.floor((-Math.log(u) / 3) * delayMaxUs);
  }

  /** How long the message waits behind others on a link of limited rate, and takes itself. */
  #queueUs(link: number, message: Message, model: NetworkModel): number {
    if (model.bytesPerSecondMax === 0) return 0;
    const startUs = Math.max(this.#time.nowUs, this.#freeAtUs[link] ?? 0);
    const endUs = startUs + Math.ceil((messageBytes(message) * 1_000_000) / model.bytesPerSecondMax);
    this.#freeAtUs[link] = endUs;
    return endUs - this.#time.nowUs;
  }
}

/** A message on its way. */
class Delivery implements Timed {
  readonly #network: Network;
  readonly #src: number;
  readonly #dst: number;
  readonly #message: Message;
  readonly #life: number;

  constructor(network: Network, src: number, dst: number, message: Message, life: number) {
    this.#network = network;
    this.#src = src;
    this.#dst = dst;
    this.#message = message;
    this.#life = life;
  }

  fire(): void {
    this.#network.arrive(this.#src, this.#dst, this.#message, this.#life);
  }
}
