/** Why an event cannot be written, or a line cannot be read. */
export type EventErrorCode =
  | 'EVENT_NUMBER' // a number that JSON or the reader cannot hold
  | 'EVENT_NAME' // a name that would not survive in a list
  | 'EVENT_RESERVED' // an extra key that the format gives a meaning of its own
  | 'EVENT_FIELD' // a property that is no field of the format
  | 'EVENT_ORDER' // seq does not rise
  | 'LOG_UNWRITABLE' // the log file cannot be opened or written
  | 'RUN_NAME' // a run's name that would leave the logs folder
  | 'RUN_MISSING' // a folder that holds no run
  | 'RUN_UNREADABLE'; // run.json is there and is no such thing

export class EventError extends Error {
  override readonly name = 'EventError';
  readonly code: EventErrorCode;

  constructor(code: EventErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
