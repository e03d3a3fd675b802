/** The voters that granted a vote (or pre-vote) in the candidate's term, each once, and the line that told of it. */
export class Ballots {
  readonly voters: string[] = [];
  readonly seqs: number[] = [];

  add(voter: string, seq: number): void {
    if (this.voters.includes(voter)) return;
    this.voters.push(voter);
    this.seqs.push(seq);
  }

  clear(): void {
    this.voters.length = 0;
    this.seqs.length = 0;
  }
}
