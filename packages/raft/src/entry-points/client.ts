// Clients (8): which entry answers a command, which command came twice, and what a client may believe that got no answer.
export { type ClientOutcome, givenUpAs, isOwnEntry, isRetry } from '../rules/client.ts';
