/**
 * What the network does to messages. All times are whole microseconds and all chances parts per thousand: a plan holds
 * integers only.
 */
export interface NetworkModel {
  /** The time until the receiving process has taken the message in, uniform in [min, max]. The best network has it too. */
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

/** No loss, and no delay except the handling, which a real machine has too. */
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
