// The events that the core tells, for a host that adds its own.
export { EventRecord } from '../event-record.ts';
export { messageEvent } from '../trace.ts';
