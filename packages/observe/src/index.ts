export { instrumentLab, type LabRequest, NAMES_FILE } from './instrument-lab.ts';
export { labLines, namesFile } from './lab-lines.ts';
export type { LabReport } from './lab-report.ts';
