/** What a host can do wrong with a structure. Each is a defect of the host, never of the network or the disk. */
export type ContractCode =
  | 'SENT_BEFORE_PERSIST'
  | 'UNKNOWN_PERSIST'
  | 'APPLY_OUT_OF_ORDER'
  | 'SNAPSHOT_NOT_APPLIED'
  | 'TIME_WENT_BACK'
  | 'WRONG_RECEIVER'
  | 'BAD_DURABLE_STATE'
  | 'BAD_OPTIONS'
  | 'BAD_CONFIGURATION'
  | 'NOT_A_MESSAGE';

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
  readonly code = 'INVARIANT_BROKEN';
  /** The server that noticed. */
  readonly server: string;

  constructor(server: string, message: string) {
    super(`${server}: ${message}`);
    this.name = 'InvariantError';
    this.server = server;
  }
}
