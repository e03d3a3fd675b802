// Who belongs to a cluster, and how that changes (6; thesis 4).
export { type Configuration, configurationOf, isJoint, isVoter, membersOf, type ServerId } from '../configuration.ts';
export type { ConfigurationChange } from '../rules/membership.ts';
