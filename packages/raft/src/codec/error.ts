/** Bytes that are no message of this version, or a message that has no bytes. What is wrong, and where, stands in the text. */
export class MessageError extends Error {
  readonly code = 'BAD_MESSAGE';

  constructor(message: string) {
    super(message);
    this.name = 'MessageError';
  }
}
