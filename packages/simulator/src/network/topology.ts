import { assert } from '../protocol/assert.ts';

/**
 * Which links are cut. Several causes may cut one link, and each is taken away on its own: a server that is isolated, a link that
 * is cut one way, and a partition into groups.
 */
export class Topology {
  /** 1 where the directed link src * servers + dst carries nothing. */
  readonly cuts: Uint8Array;
  readonly #servers: number;
  readonly #isolated: Uint8Array;
  readonly #oneWay: Uint8Array;
  #groups: readonly (readonly number[])[] | null = null;

  constructor(servers: number) {
    this.#servers = servers;
    this.cuts = new Uint8Array(servers * servers);
    this.#isolated = new Uint8Array(servers);
    this.#oneWay = new Uint8Array(servers * servers);
  }

  isolate(server: number, isolated: boolean): void {
    assert(server >= 0 && server < this.#servers, 'the server is of the cluster');
    this.#isolated[server] = isolated ? 1 : 0;
    this.#work();
  }

  isIsolated(server: number): boolean {
    return this.#isolated[server] === 1;
  }

  cut(src: number, dst: number, cut: boolean): void {
    assert(src >= 0 && dst >= 0 && src < this.#servers && dst < this.#servers, 'the link is of the cluster');
    this.#oneWay[src * this.#servers + dst] = cut ? 1 : 0;
    this.#work();
  }

  /**
   * Only servers that share a group reach one another; a server may be in several groups, which makes it a bridge. Null joins the
   * groups again. A server in no group is alone.
   */
  partition(groups: readonly (readonly number[])[] | null): void {
    this.#groups = groups;
    this.#work();
  }

  heal(): void {
    this.#isolated.fill(0);
    this.#oneWay.fill(0);
    this.#groups = null;
    this.#work();
  }

  #work(): void {
    for (let src = 0; src < this.#servers; src += 1) {
      for (let dst = 0; dst < this.#servers; dst += 1) {
        const link = src * this.#servers + dst;
        this.cuts[link] = src !== dst && this.#isCut(src, dst, link) ? 1 : 0;
      }
    }
  }

  #isCut(src: number, dst: number, link: number): boolean {
    if (this.#isolated[src] === 1 || this.#isolated[dst] === 1 || this.#oneWay[link] === 1) return true;
    return this.#groups !== null && !this.#groups.some((group) => group.includes(src) && group.includes(dst));
  }
}
