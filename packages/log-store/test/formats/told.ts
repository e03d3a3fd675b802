import { openTexts } from '../../src/index.ts';

/** What the lines of files tell, as text, without their notes; and what kind of log each was taken for. */
export async function toldBy(
  ...files: readonly (readonly [name: string, text: string])[]
): Promise<{ readonly formats: readonly string[]; readonly told: readonly string[]; readonly peers: readonly string[] }> {
  const log = openTexts(files.map(([name, text]) => ({ name, text })));
  await log.done;
  const rows = Array.from({ length: log.size }, (_, row) => row).filter((row) => {
    const event = log.event(row);
    return event !== null && event.op !== 'Note';
  });
  const all = { formats: log.files.map(({ format }) => format), told: rows.map((row) => log.text(row)), peers: log.peers };
  log.close();
  return all;
}

export function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
