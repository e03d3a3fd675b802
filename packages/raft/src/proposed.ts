/** Where a leader put the first of the commands: it stays there if the leader keeps leading until they are committed. */
export interface Proposed {
  readonly index: number;
  readonly term: number;
}
