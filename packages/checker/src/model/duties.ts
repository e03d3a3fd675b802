/** What a server has to do soon because of a step that it took. Each is judged a few of its own lines later. */
export class Duties {
  /** The line of a Truncate that took the configuration in force away, so that the one before is in force again; 0 for none. */
  revertSeq = 0;
  revertIndex = 0;
  revertSteps = 0;
  /** Durable entries from here on were cut, and no write is known to have taken them off the disk; 0 for none. */
  cutIndex = 0;
  cutSeq = 0;
  /** A leader's: what a majority has acknowledged of its own term, by this line, and what it has not committed; 0 for none. */
  commitIndex = 0;
  commitSeq = 0;
  commitMs = 0;
  commitSteps = 0;

  clear(): void {
    this.revertSeq = 0;
    this.cutIndex = 0;
    this.commitSeq = 0;
  }
}
