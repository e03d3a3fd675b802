/** A time in ms as a reader wants it: to the microsecond, which is what virtual time counts, and without the noise of binary fractions. */
export function msText(ms: number): string {
  return `${Math.round(ms * 1000) / 1000} ms`;
}
