import { join, relative } from 'node:path';
import { printable } from '@raftlens/command-line';
import { instrumentLab, type LabReport } from '@raftlens/observe';

/** How a lab's tests are built with the recorder in them. */
export interface GoLab {
  /** Flags of `go test`. */
  readonly flags: readonly string[];
  /** The folder of the tests, from which they are built and run. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/**
 * A lab's Raft, observed: the recorder gets into the build by an overlay, and the lab's folder stays as it is.
 *
 * @param target the folder of the tests, or one above them
 * @throws UserError where there is no lab, no Go or one that is too old
 */
export function goLab(target: string, buildFolder: string): GoLab {
  const report = instrumentLab({ directory: target, out: join(buildFolder, 'lab') });
  const unknown = [...report.rpcs.flatMap((rpc) => rpc.unknown), ...report.saves.flatMap((save) => save.unknown)];
  return {
    flags: ['-overlay', report.overlay],
    directory: report.target,
    environment: report.modules ? {} : { GO111MODULE: 'off', ...(report.gopath === '' ? {} : { GOPATH: report.gopath }) },
    notes: [
      `lab: the Raft in ${relative(report.root, report.raft)} is observed; its code stays as it is (raftlens lab says what is seen)`,
      `lab: to look at when a rule is broken: ${placesIn(report).join(', ')}`,
      ...(unknown.length > 0 ? [`lab: not known, and not judged: ${unknown.join(', ')}`] : []),
      ...report.missing.map((line) => `lab: ${line}`),
    ].map((line) => printable(line)),
  };
}

/** Where in the student's code the steps of figure 2 are, by the names that it gives them. */
function placesIn(report: LabReport): readonly string[] {
  const handlers = report.rpcs.map(({ op, method, where }) => (op === method ? `${op} in ${where}` : `${op} in ${method}, ${where}`));
  const saves = report.saves.map((save) => `what is saved in ${save.in}, ${save.file}:${save.from}`);
  return [...handlers, ...saves];
}
