// Recovery of a lost quorum by hand. Read what it can cost first.
export type { PersistEffect } from '../effect.ts';
export { type ForcedConfiguration, forceConfiguration, forcedConfigurationEvent } from '../recovery.ts';
export type { ConfigurationChange } from '../rules/membership.ts';
