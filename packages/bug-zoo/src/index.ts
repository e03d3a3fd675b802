export { allBugs, type Bug, bugById, listBugs, SECTIONS } from './catalogue.ts';
export { BugZooError, type BugZooErrorCode } from './error.ts';
export {
  type BugHeader,
  PROPERTIES,
  type Property,
  type Structure,
} from './header.ts';
export { loadCore } from './load.ts';
export { bugsThatBreak, CHECKED_BY_SCENARIOS, namesRule, type Showing, showing, type Verdict } from './showing.ts';
