export { allBugs, type Bug, bugById, listBugs, SECTIONS } from './catalogue.ts';
export { BugZooError, type BugZooErrorCode } from './error.ts';
export { functionsRun } from './functions-run.ts';
export {
  type BugHeader,
  type PatchedStructure,
  PROPERTIES,
  type Property,
} from './header.ts';
export { loadCore, type Suspect, suspects } from './load.ts';
export { isPatchFile, type OwnPatch, readOwnPatch, showingOfOwn } from './own-patch.ts';
export { CHECKED_BY_SCENARIOS, type CheckedKind, kindsOf, namesRule, type Showing, type ShownFailure, showing } from './showing.ts';
