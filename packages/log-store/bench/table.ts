/** A table of Markdown: what was measured, the milliseconds, and what they mean. */
export function row(what: string, ms: number, note = ''): void {
  console.log(`| ${what} | ${Number.isNaN(ms) ? '' : ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} | ${note} |`);
}

export function rate(bytes: number, ms: number): string {
  return `${Math.round(bytes / 1000 / ms).toLocaleString('en')} MB/s`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

/** The processor time that this process has taken so far: other work on the machine does not count in it. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The processor time of the quickest of some rounds: what `round` measures itself, or what it takes. */
export async function best(rounds: number, round: () => Promise<number | void>): Promise<number> {
  let bestMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < rounds; i++) {
    const startedMs = processorMs();
    const measured = await round();
    bestMs = Math.min(bestMs, measured ?? processorMs() - startedMs);
  }
  return bestMs;
}
