import { cellText, cut } from '../text/line.ts';
import { type Diagram, type DiagramEvent, type DiagramMessage, type LifeSpan, lineX, TOP } from './diagram.ts';

/** The cells of a text that fit between two peers' lines. */
const LABEL_CELLS = 32;

/** Text as it may stand in XML, in content and in attributes. XML has no place for control characters, not even escaped. */
export function xml(text: string): string {
  return cellText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The look of the drawing, in the picture itself: it is the same wherever it is shown. Okabe and Ito's palette. */
const DIAGRAM_CSS = `
svg { background: #fff; font: 11px ui-monospace, Menlo, Consolas, monospace; }
.name { font-weight: bold; font-size: 13px; text-anchor: middle; }
.life { stroke: #999; stroke-width: 1.5; }
.life.candidate { stroke: #cc79a7; stroke-width: 3; stroke-dasharray: 4 3; }
.life.leader { stroke: #d55e00; stroke-width: 5; }
.life.down { stroke: #bbb; stroke-dasharray: 1 5; }
.event circle { fill: #444; }
.event text { fill: #222; paint-order: stroke; stroke: #fff; stroke-width: 3px; }
.event.across text { fill: #777; font-style: italic; }
.event .when { fill: #999; text-anchor: end; }
.event.evidence circle { fill: #d00; stroke: #d00; stroke-width: 4; }
.event.evidence text { fill: #b00; font-weight: bold; }
.message line { stroke: #0072b2; stroke-width: 1.2; }
.message.reply line { stroke: #56b4e9; }
.message.vote line { stroke: #cc79a7; }
.message.lost line { stroke: #d55e00; stroke-dasharray: 4 3; }
.message .cross { stroke: #d55e00; stroke-width: 2; fill: none; }
.message.message line.hit { stroke: transparent; stroke-width: 9; }
`;

/** A picture that stands for itself: no script, no font, no file beside it. */
export function svgOf(diagram: Diagram): string {
  const { width, height } = diagram;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${xml(diagram.title)}</title>`,
    `<style>${DIAGRAM_CSS}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#0072b2"/></marker></defs>',
    ...diagram.lives.map(lifeSvg),
    ...diagram.messages.map(messageSvg),
    ...diagram.events.map(eventSvg),
    namesSvg(diagram),
    '</svg>',
    '',
  ].join('\n');
}

/** The names of the peers, last in the drawing: the page keeps them in view above the rest. */
function namesSvg({ peers, width, title }: Diagram): string {
  const names = peers.map((peer, place) => `<text class="name" x="${lineX(place)}" y="${TOP - 12}">${xml(cut(peer, 24))}</text>`);
  const titleText = `<text x="10" y="18" style="font-size:13px">${xml(cut(title, 120))}</text>`;
  return `<g id="names"><rect width="${width}" height="${TOP - 4}" fill="#fff"/>${titleText}${names.join('')}</g>`;
}

function lifeSvg({ peer, fromY, toY, role }: LifeSpan): string {
  const x = lineX(peer);
  return `<line class="life ${role}" x1="${x}" x2="${x}" y1="${fromY}" y2="${toY}"/>`;
}

const STUB_LENGTH = 40;

function messageSvg(message: DiagramMessage): string {
  const { from, to, fromY, toY, lost, unsent, op, text, heartbeat } = message;
  const classes = [
    'message',
    lost ? 'lost' : '',
    op.endsWith('Reply') ? 'reply' : '',
    /Vote/.test(op) ? 'vote' : '',
    heartbeat ? 'heartbeat' : '',
  ];
  const x1 = unsent ? lineX(to) + Math.sign(from - to) * STUB_LENGTH : lineX(from);
  // A lost message ends half way: nobody knows where it was lost.
  const x2 = lost ? (lineX(from) + lineX(to)) / 2 : lineX(to);
  const y2 = lost ? Math.max(toY, fromY + 6) : toY;
  const points = `x1="${x1}" y1="${fromY}" x2="${x2}" y2="${y2}"`;
  const end = lost ? `<path class="cross" d="M${x2 - 4} ${y2 - 4}l8 8m0-8l-8 8"/>` : '';
  const head = lost ? '' : ' marker-end="url(#head)"';
  const data = `data-from="${message.fromRow}" data-row="${message.toRow}" data-op="${xml(op)}"`;
  return `<g class="${classes.filter((name) => name !== '').join(' ')}" ${data}><title>${xml(text)}</title><line ${points}${head}/><line class="hit" ${points}/>${end}</g>`;
}

function eventSvg(event: DiagramEvent): string {
  const { peer, y, label, time, text, op, evidence, heartbeat, row } = event;
  const classes = ['event', peer < 0 ? 'across' : '', evidence ? 'evidence' : '', heartbeat ? 'heartbeat' : ''].filter(
    (name) => name !== '',
  );
  const x = lineX(Math.max(0, peer));
  const data = `data-row="${row}" data-peer="${peer}" data-op="${xml(op)}"`;
  const when = `<text class="when" x="${lineX(0) - 22}" y="${y + 4}">${xml(`${label}  ${time}`)}</text>`;
  const mark = peer < 0 ? '' : `<circle cx="${x}" cy="${y}" r="3"/>`;
  const cells = peer < 0 ? LABEL_CELLS * 4 : LABEL_CELLS;
  return `<g class="${classes.join(' ')}" ${data}><title>${xml(`${label} ${time} ${text}`)}</title>${when}${mark}<text x="${x + 9}" y="${y + 4}">${xml(cut(text, cells))}</text></g>`;
}
