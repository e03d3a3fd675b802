/** A line of text that is being typed: what readline users expect, as a pure function of (line, key). */
export interface LineEdit {
  readonly text: string;
  /** In characters (code points), from 0 to the length of the text. */
  readonly cursor: number;
}

export const EMPTY_LINE: LineEdit = { text: '', cursor: 0 };

export type EditKey =
  | { readonly kind: 'insert'; readonly text: string }
  | { readonly kind: 'left' | 'right' | 'wordLeft' | 'wordRight' | 'home' | 'end' }
  | { readonly kind: 'backspace' | 'delete' | 'deleteWord' | 'deleteToStart' | 'deleteToEnd' };

export function lineWith(text: string): LineEdit {
  return { text, cursor: Array.from(text).length };
}

export function edited(line: LineEdit, key: EditKey): LineEdit {
  const characters = Array.from(line.text);
  const { cursor } = line;
  switch (key.kind) {
    case 'insert':
      return replaced(characters, cursor, cursor, key.text);
    case 'left':
      return { ...line, cursor: Math.max(0, cursor - 1) };
    case 'right':
      return { ...line, cursor: Math.min(characters.length, cursor + 1) };
    case 'wordLeft':
      return { ...line, cursor: wordStart(characters, cursor) };
    case 'wordRight':
      return { ...line, cursor: wordEnd(characters, cursor) };
    case 'home':
      return { ...line, cursor: 0 };
    case 'end':
      return { ...line, cursor: characters.length };
    case 'backspace':
      return replaced(characters, Math.max(0, cursor - 1), cursor, '');
    case 'delete':
      return replaced(characters, cursor, Math.min(characters.length, cursor + 1), '');
    case 'deleteWord':
      return replaced(characters, wordStart(characters, cursor), cursor, '');
    case 'deleteToStart':
      return replaced(characters, 0, cursor, '');
    case 'deleteToEnd':
      return replaced(characters, cursor, characters.length, '');
  }
}

function replaced(characters: readonly string[], from: number, to: number, by: string): LineEdit {
  const inserted = Array.from(by);
  return { text: [...characters.slice(0, from), ...inserted, ...characters.slice(to)].join(''), cursor: from + inserted.length };
}

function wordStart(characters: readonly string[], cursor: number): number {
  let at = cursor;
  while (at > 0 && characters[at - 1] === ' ') at -= 1;
  while (at > 0 && characters[at - 1] !== ' ') at -= 1;
  return at;
}

function wordEnd(characters: readonly string[], cursor: number): number {
  let at = cursor;
  while (at < characters.length && characters[at] === ' ') at += 1;
  while (at < characters.length && characters[at] !== ' ') at += 1;
  return at;
}
