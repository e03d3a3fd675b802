const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || Number.isInteger(value) ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** 12,345 in every locale. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A probability as a percentage with two or three significant digits. */
export function formatRate(rate: number): string {
  const percent = rate * 100;
  if (percent === 0) return '0 %';
  if (percent >= 99.95) return percent === 100 ? '100 %' : `${percent.toFixed(2)} %`;
  if (percent >= 10) return `${percent.toFixed(1)} %`;
  return `${Number(percent.toPrecision(2))} %`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
