/**
 * Draws the house of docs/ARCHITECTURE.md: the packages on their floors, and in each package its rooms (folders and files of `src`) in the
 * layers of its `floors.json`, the ground below. The picture follows from what the linter holds, so it is true while the lint passes.
 *
 * `node scripts/draw-house.mjs` writes docs/house.svg; `--check` only says whether it is still right. Exit 0 when it is, else 1.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolders, ROOT } from './lib/workspace.mjs';

const FILE = join('docs', 'house.svg');
const WIDTH = 1240;
const MARGIN = 16;
const GAP = 14;
const ROOM_HEIGHT = 19;
const ROOM_GAP = 5;
const CHARACTER = 6.3;
const HEAD_HEIGHT = 40;
const FLOOR_TITLE = 26;
/** The wall of a package, and what a room costs beside its name. */
const PADDING = 10;
const ROOM_PADDING = 12;
const COLUMNS_MAX = 4;

const packages = packageFolders().map(readPackage);
const picture = draw(floorsOf(packages));
if (process.argv.includes('--check')) check();
else writeFileSync(join(ROOT, FILE), picture);

function check() {
  const standing = existsSync(join(ROOT, FILE)) ? readFileSync(join(ROOT, FILE), 'utf8') : '';
  if (standing === picture) return;
  console.log(`${FILE} shows the house as it was: node scripts/draw-house.mjs draws it as it is`);
  process.exitCode = 1;
}

function readPackage(folder) {
  const { name, description = '', dependencies = {} } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  const floors = join(ROOT, folder, 'floors.json');
  const layers = existsSync(floors) ? JSON.parse(readFileSync(floors, 'utf8')).layers : [];
  return { name, folder: folder.replaceAll('\\', '/'), description, needs: Object.keys(dependencies), layers };
}

/** The packages by floor, from the ground up: a package stands one floor above the highest that it needs, and the tools stand on top. */
function floorsOf(all) {
  const byName = new Map(all.map((one) => [one.name, one]));
  const heights = new Map();
  const heightOf = ({ name, needs }) => {
    if (!heights.has(name)) {
      const below = needs.flatMap((need) => byName.get(need) ?? []).map(heightOf);
      heights.set(name, below.length === 0 ? 0 : Math.max(...below) + 1);
    }
    return heights.get(name);
  };
  const top = Math.max(...all.map(heightOf));
  const floors = [];
  for (const one of all) (floors[one.folder.startsWith('tools/') ? top : heightOf(one)] ??= []).push(one);
  return floors;
}

function draw(floors) {
  const parts = [];
  let y = MARGIN;
  for (const [height, floor] of [...floors.entries()].reverse()) {
    parts.push(text(MARGIN, y + 16, `floor ${height}`, 'floor'));
    y += FLOOR_TITLE;
    const perRow = Math.ceil(floor.length / Math.ceil(floor.length / COLUMNS_MAX));
    for (let first = 0; first < floor.length; first += perRow) {
      const row = floor.slice(first, first + perRow);
      const width = (WIDTH - 2 * MARGIN - GAP * (row.length - 1)) / row.length;
      const drawn = row.map((one, at) => drawPackage(one, MARGIN + at * (width + GAP), y, width));
      const tallest = Math.max(...drawn.map(({ bottom }) => bottom)) - y;
      for (const [at, { rooms }] of drawn.entries()) {
        parts.push(
          `<rect class="package" x="${round(MARGIN + at * (width + GAP))}" y="${y}" width="${round(width)}" height="${tallest}" rx="4"/>`,
          ...rooms,
        );
      }
      y += tallest + GAP;
    }
  }
  return `${head(y + MARGIN - GAP)}${parts.join('\n')}\n</svg>\n`;
}

function drawPackage({ folder, description, layers }, x, y, width) {
  const rooms = [text(x + PADDING, y + 18, folder, 'name'), text(x + PADDING, y + 33, cut(description, width - 2 * PADDING), 'what')];
  let top = y + HEAD_HEIGHT;
  for (const [at, layer] of [...layers.entries()].reverse()) {
    const lines = wrapped(layer, width - 2 * PADDING);
    for (const line of lines) {
      let left = x + PADDING;
      for (const room of line) {
        const wide = roomWidth(room);
        rooms.push(`<rect class="room l${at % 2}" x="${round(left)}" y="${top}" width="${round(wide)}" height="${ROOM_HEIGHT}" rx="2"/>`);
        rooms.push(text(left + ROOM_PADDING / 2, top + 13.5, room, room.endsWith('/') ? 'folder' : 'file'));
        left += wide + ROOM_GAP;
      }
      top += ROOM_HEIGHT + ROOM_GAP;
    }
    if (at > 0) rooms.push(`<path class="ground" d="M${round(x + PADDING)} ${top}H${round(x + width - PADDING)}"/>`);
    top += ROOM_GAP;
  }
  return { rooms, bottom: top + 2 };
}

/** The rooms of a layer in as many lines as they need. */
function wrapped(layer, width) {
  const lines = [];
  let left = 0;
  for (const room of layer) {
    const wide = roomWidth(room) + ROOM_GAP;
    if (lines.length === 0 || left + wide > width + ROOM_GAP) {
      lines.push([]);
      left = 0;
    }
    lines.at(-1).push(room);
    left += wide;
  }
  return lines;
}

function roomWidth(room) {
  return room.length * CHARACTER + ROOM_PADDING;
}

function cut(words, width) {
  const most = Math.floor(width / (CHARACTER * 0.93));
  if (words.length <= most) return words;
  return `${words.slice(0, words.lastIndexOf(' ', most - 2))} …`;
}

function text(x, y, words, kind) {
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text class="${kind}" x="${round(x)}" y="${y}">${safe}</text>`;
}

function round(number) {
  return Math.round(number * 10) / 10;
}

function head(height) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>The packages of raftlens on their floors, and the rooms of each in its layers; imports lead downwards only</title>
<style>
svg { background: #fff }
text { font: 10.5px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #24292f }
.floor { font-weight: bold; font-size: 13px; fill: #57606a }
.name { font-weight: bold; font-size: 13px }
.what { font-size: 9.8px; fill: #57606a }
.folder { font-weight: bold }
.package { fill: #f6f8fa; stroke: #8c959f }
.room { stroke: #8c959f; stroke-width: 0.6 }
.l0 { fill: #ddf4ff }
.l1 { fill: #fff8c5 }
.ground { stroke: #d0d7de; stroke-dasharray: 3 3 }
</style>
`;
}
