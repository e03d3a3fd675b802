import { scaleLinear, scaleLog } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import { cumulative, type Distribution, type Point } from './distribution.ts';

export interface Curve {
  readonly label: string;
  readonly distribution: Distribution;
}

const WIDTH = 860;
const HEIGHT = 460;
const MARGIN = { top: 48, right: 150, bottom: 52, left: 64 };

/** Okabe and Ito's palette, which the colour-blind can tell apart; each curve has a dash pattern of its own besides. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];
const DASHES = ['none', '8 3', '2 3', '10 3 2 3', '5 5', '1 2', '12 2'];

/** The election times of each curve as a cumulative distribution over a logarithmic time axis, as a self-contained SVG (figure 16). */
export function plotSvg(title: string, curves: readonly Curve[]): string {
  const x = scaleLog()
    .domain(timeDomain(curves))
    .range([MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear()
    .domain([0, 1])
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const draw = line<Point>()
    .x((point) => x(point.timeMs))
    .y((point) => y(point.fraction))
    .curve(curveStepAfter)
    .digits(1);
  const paths = curves.map((curve, index) => {
    const points = cumulative(curve.distribution);
    const style = `stroke="${pick(COLOURS, index)}" stroke-dasharray="${pick(DASHES, index)}"`;
    return `<path class="curve" fill="none" stroke-width="2" ${style} d="${draw(points) ?? ''}"><title>${escapeXml(curve.label)}</title></path>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${MARGIN.left}" y="26" font-size="16" font-weight="bold">${escapeXml(title)}</text>`,
    ...timeAxis(x),
    ...fractionAxis(y),
    ...paths,
    ...legend(curves),
    '</svg>',
    '',
  ].join('\n');
}

/** Powers of ten around all times: two plots of like sweeps have the same axis. */
function timeDomain(curves: readonly Curve[]): [number, number] {
  const times = curves.flatMap(({ distribution }) => [distribution.timesMs.at(0) ?? 100, distribution.timesMs.at(-1) ?? 1000]);
  const shortest = Math.max(1, Math.min(...times));
  const longest = Math.max(...times, shortest * 1.01);
  return [10 ** Math.floor(Math.log10(shortest)), 10 ** Math.ceil(Math.log10(longest))];
}

type LogScale = ReturnType<typeof scaleLog<number, number>>;
type LinearScale = ReturnType<typeof scaleLinear<number, number>>;

function timeAxis(x: LogScale): string[] {
  const bottom = HEIGHT - MARGIN.bottom;
  const lines = x
    .ticks()
    .map((tick) => `<line x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="${MARGIN.top}" y2="${bottom}" stroke="#e4e4e4"/>`);
  const labels = x
    .ticks()
    .filter((tick) => Number.isInteger(Math.log10(tick)) || /^[25]/.test(String(tick)))
    .map((tick) => `<text x="${x(tick).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${tick}</text>`);
  const name = `<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 12}" text-anchor="middle">time without a leader (ms)</text>`;
  return [...lines, ...labels, name];
}

function fractionAxis(y: LinearScale): string[] {
  const right = WIDTH - MARGIN.right;
  const ticks = y.ticks(5).flatMap((tick) => {
    const at = y(tick).toFixed(1);
    return [
      `<line x1="${MARGIN.left}" x2="${right}" y1="${at}" y2="${at}" stroke="#e4e4e4"/>`,
      `<text x="${MARGIN.left - 8}" y="${at}" text-anchor="end" dominant-baseline="middle">${Math.round(tick * 100)} %</text>`,
    ];
  });
  const middle = (MARGIN.top + HEIGHT - MARGIN.bottom) / 2;
  return [...ticks, `<text transform="translate(16 ${middle}) rotate(-90)" text-anchor="middle">trials that have a leader</text>`];
}

function legend(curves: readonly Curve[]): string[] {
  const left = WIDTH - MARGIN.right + 14;
  return curves.flatMap((curve, index) => {
    const y = MARGIN.top + 10 + index * 20;
    const style = `stroke="${pick(COLOURS, index)}" stroke-width="2" stroke-dasharray="${pick(DASHES, index)}"`;
    return [
      `<line x1="${left}" x2="${left + 26}" y1="${y}" y2="${y}" ${style}/>`,
      `<text x="${left + 32}" y="${y}" dominant-baseline="middle">${escapeXml(curve.label)}</text>`,
    ];
  });
}

function pick(list: readonly string[], index: number): string {
  return list[index % list.length] ?? 'none';
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
