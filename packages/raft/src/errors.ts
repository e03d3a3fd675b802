/** What a host can do wrong with a structure. Each is a defect of the host, never of the network or the disk. */
export type ContractCode =
  | 'sent-before-persist'
  | 'unknown-persist'
  | 'apply-out-of-order'
  | 'snapshot-not-applied'
  | 'time-went-back'
  | 'wrong-receiver'
  | 'bad-durable-state'
  | 'bad-options';

/** The host broke the contract of ordered effects: persist, then send, then apply. */
export class ContractError extends Error {
  readonly code: ContractCode;

  constructor(code: ContractCode, message: string) {
    super(message);
    this.name = 'ContractError';
    this.code = code;
  }
}

/** Something that Raft proves impossible has happened: a defect of this code, of a peer's, or a disk that lost what it had acknowledged. */
export class InvariantError extends Error {
  readonly code = 'invariant-broken';
  /** The server that noticed. */
  readonly server: string;

  constructor(server: string, message: string) {
    super(`${server}: ${message}`);
    this.name = 'InvariantError';
    this.server = server;
  }
}
