import type { MousePress } from '../controllers/mouse.ts';

/** A press or a turn of the wheel in xterm's SGR mode: the button, the column and the row from 1; an `m` at the end is a release. */
// eslint-disable-next-line no-control-regex
const REPORT = /\u001b\[<(\d+);(\d+);(\d+)M/g;

/** The bits that tell of Shift, Meta and Control. */
const MODIFIERS = 4 | 8 | 16;
const KINDS: Readonly<Record<number, MousePress['kind']>> = { 0: 'click', 64: 'wheelUp', 65: 'wheelDown' };

/** What the mouse did, by what the terminal sent: a fast wheel sends many reports at once. */
export function mousePressesIn(text: string): MousePress[] {
  return Array.from(text.matchAll(REPORT)).flatMap(([, button, column, row]): MousePress[] => {
    const kind = KINDS[Number(button) & ~MODIFIERS];
    return kind === undefined ? [] : [{ kind, x: Number(column) - 1, y: Number(row) - 1 }];
  });
}
