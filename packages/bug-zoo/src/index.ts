export { allBugs, type Bug, bugById, listBugs, SECTIONS } from './catalogue.ts';
export { BugZooError, type BugZooErrorCode } from './error.ts';
export {
  type BugHeader,
  PROPERTIES,
  type Property,
  type Structure,
} from './header.ts';
export { loadCore, type Suspect, suspects } from './load.ts';
export { CHECKED_BY_SCENARIOS, type CheckedKind, kindsOf, namesRule, type Showing, showing, type Verdict } from './showing.ts';
