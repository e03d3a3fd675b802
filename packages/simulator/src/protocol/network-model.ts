/**
 * What the network does to messages. All times are in whole microseconds and all chances in parts per thousand, so that a plan holds
 * nothing but integers.
 */
export interface NetworkModel {
  /** What it takes a process to be scheduled and to take a message in, uniform in [min, max]: it is there on the best network. */
  readonly handlingMinUs: number;
  readonly handlingMaxUs: number;
  /** Delay of requests and of replies beyond that: uniform in [0, max], or exponential with that maximum as its 95th percentile. */
  readonly requestDelayMaxUs: number;
  readonly replyDelayMaxUs: number;
  readonly exponential: boolean;
  readonly requestLossPerMille: number;
  readonly replyLossPerMille: number;
  /** A message is delivered a second time, up to `duplicateDelayMaxUs` later. */
  readonly duplicatePerMille: number;
  readonly duplicateDelayMaxUs: number;
  /** Two thirds of the replies come 200 to 2200 ms late, skewed short: out of order and in later terms. */
  readonly longReordering: boolean;
  /** Each link carries at most this many bytes a second; 0 is no limit. */
  readonly bytesPerSecondMax: number;
}

/** No delay and no loss but for the handling, which a real machine has too. */
export const RELIABLE: NetworkModel = {
  handlingMinUs: 20,
  handlingMaxUs: 500,
  requestDelayMaxUs: 0,
  replyDelayMaxUs: 0,
  exponential: false,
  requestLossPerMille: 0,
  replyLossPerMille: 0,
  duplicatePerMille: 0,
  duplicateDelayMaxUs: 0,
  longReordering: false,
  bytesPerSecondMax: 0,
};

/** The labs' unreliable network: requests 0 to 26 ms late, one in ten lost; one in ten replies lost after the handler ran. */
export const UNRELIABLE: NetworkModel = { ...RELIABLE, requestDelayMaxUs: 26_000, requestLossPerMille: 100, replyLossPerMille: 100 };
