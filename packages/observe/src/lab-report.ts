/** What the instrumenter says of a lab (go/instrument/main.go). */
export interface LabReport {
  /** The folder that holds labrpc. */
  readonly root: string;
  /** The folder of the package that is tested. */
  readonly target: string;
  /** The folder of the package with the Raft. */
  readonly raft: string;
  /** It is built by its go.mod; else by GOPATH. */
  readonly modules: boolean;
  /** What GOPATH has to be where there is no go.mod; empty where it does not matter. */
  readonly gopath: string;
  /** The file for `go build -overlay`; empty where nothing was written. */
  readonly overlay: string;
  /** The version of Go that go.mod asks for; empty where it asks for none. */
  readonly wanted: string;
  readonly rpcs: readonly RpcNames[];
  readonly saves: readonly SaveNames[];
  readonly entry: EntryNames | null;
  /** What is observed: the functions that were found as expected. */
  readonly observed: readonly string[];
  /** What is not, one line each. */
  readonly missing: readonly string[];
  /** Why nothing can be observed; empty where something can. */
  readonly error: string;
}

/** A name of the paper's, where the student has it, and what that rests on: "name", "type", or "given" by the user's file. */
export interface MappedName {
  readonly role: string;
  readonly path: string;
  readonly rests: string;
}

export interface RpcNames {
  readonly method: string;
  /** The opcode of the event. */
  readonly op: string;
  readonly args: readonly MappedName[];
  readonly reply: readonly MappedName[];
  readonly unknown: readonly string[];
  /** File and line of the handler. */
  readonly where: string;
}

/** A function that encodes what is saved. */
export interface SaveNames {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  /** The function's name. */
  readonly in: string;
  /** What it encodes, in order. */
  readonly exprs: readonly string[];
  /** What each of them holds. */
  readonly parts: readonly (readonly MappedName[])[];
  readonly unknown: readonly string[];
}

export interface EntryNames {
  readonly type: string;
  readonly term: string;
  readonly command: string;
  readonly index: string;
}
