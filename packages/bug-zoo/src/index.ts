export { allBugs, type Bug, bugById, listBugs, SECTIONS } from './catalogue.ts';
export { BugZooError, type BugZooErrorCode } from './error.ts';
export {
  type BugHeader,
  PROPERTIES,
  type Property,
  type StructureName,
} from './header.ts';
export { loadCore, type Suspect, suspects } from './load.ts';
export { isPatchFile, type OwnPatch, readOwnPatch, showingOfOwn } from './own-patch.ts';
export { CHECKED_BY_SCENARIOS, type CheckedKind, type Finding, kindsOf, namesRule, type Showing, showing } from './showing.ts';
