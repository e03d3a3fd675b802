import { printableJson } from '@raftlens/command-line';
import type { Event } from '@raftlens/events';
import type { LogStore } from '@raftlens/log-store';
import { packageFile } from '../package-file.ts';
import { cellText } from '../text/line.ts';
import type { Diagram } from './diagram.ts';
import { svgOf, xml } from './svg.ts';

/** What the page says of an event that is pointed at. */
interface Detail {
  readonly row: number;
  readonly text: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/**
 * One file to attach to an issue: the drawing with a filter, zoom and details, which needs neither a server nor the net.
 * Everything that comes from the log is escaped, in the markup and in the data of the script.
 */
export function htmlOf(diagram: Diagram, store: LogStore): string {
  const details = diagram.events.map((event) => detailOf(store, event.row, event.text));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>${xml(diagram.title)}</title>
<style>${packageFile('assets/diagram.css')}</style>
</head>
<body>
<header>
<strong>${xml(diagram.title)}</strong>
<label>filter <input id="filter" type="search" placeholder="text, or /pattern/" autocomplete="off"></label>
<label><input id="heartbeats" type="checkbox" checked> heartbeats</label>
${diagram.peers.map((peer, place) => `<label><input type="checkbox" class="peer" value="${place}" checked> ${xml(peer)}</label>`).join('\n')}
<span class="zoom"><button id="out" title="smaller (-)">-</button><output id="scale">100%</output><button id="in" title="larger (+)">+</button></span>
<output id="count"></output>
</header>
${violationHtml(diagram)}
<main>${svgOf(diagram)}</main>
<aside id="details" hidden></aside>
<script type="application/json" id="data">${scriptJson(details)}</script>
<script type="module">${packageFile('assets/diagram.mjs')}</script>
</body>
</html>
`;
}

function violationHtml({ violation }: Diagram): string {
  if (violation === null) return '';
  const allowed = violation.allowed === undefined ? '' : `<br>allowed: ${xml(cellText(violation.allowed))}`;
  return `<section class="violation"><strong>${xml(violation.rule)}</strong> (${xml(violation.section)}) broken by <strong>${xml(violation.node)}</strong>: ${xml(cellText(violation.why))}${allowed}</section>`;
}

function detailOf(store: LogStore, row: number, text: string): Detail {
  const event = store.event(row);
  return { row, text, fields: event === null ? [['line', cellText(store.line(row, 2000))]] : fieldsOf(event) };
}

function fieldsOf(event: Event): [string, string][] {
  return Object.entries(event)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [cellText(name), cellText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))]);
}

/** JSON that cannot end the script element it stands in. */
function scriptJson(value: unknown): string {
  return printableJson(JSON.stringify(value)).replaceAll('<', '\\u003c');
}
