// The behaviour of the page: filter, zoom, details of what is pointed at. It reads the drawing and the data beside it.
const details = new Map(JSON.parse(document.getElementById('data').textContent).map((detail) => [detail.row, detail]));
const svg = document.querySelector('main svg');
const events = [...svg.querySelectorAll('.event')];
const messages = [...svg.querySelectorAll('.message')];
const eventOfRow = new Map(events.map((event) => [Number(event.dataset.row), event]));
const base = { width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height };
const main = document.querySelector('main');
const byId = (id) => document.getElementById(id);
let scale = 1;

/** A function that tells whether a text matches, or null for a pattern that is none. */
function matcher(text) {
  const pattern = /^\/(.*)\/$/.exec(text);
  if (pattern === null) return (candidate) => candidate.toLowerCase().includes(text.toLowerCase());
  try {
    const expression = new RegExp(pattern[1]);
    return (candidate) => expression.test(candidate);
  } catch {
    return null;
  }
}

function applyFilter() {
  const text = byId('filter').value.trim();
  const matches = matcher(text);
  byId('filter').classList.toggle('wrong', matches === null);
  const heartbeats = byId('heartbeats').checked;
  const peers = new Set([...document.querySelectorAll('.peer:checked')].map((box) => box.value));
  let shown = 0;
  for (const event of events) {
    const detail = details.get(Number(event.dataset.row));
    const hidden =
      (!heartbeats && event.classList.contains('heartbeat')) || (event.dataset.peer !== '-1' && !peers.has(event.dataset.peer));
    event.classList.toggle('hidden', hidden);
    event.classList.toggle('dimmed', matches !== null && text !== '' && !matches(detail.text));
    if (!hidden && !event.classList.contains('dimmed')) shown += 1;
  }
  for (const message of messages) {
    const ends = [message.dataset.from, message.dataset.row].map((row) => eventOfRow.get(Number(row))).filter((end) => end !== undefined);
    message.classList.toggle(
      'hidden',
      ends.some((end) => end.classList.contains('hidden')),
    );
    message.classList.toggle('dimmed', ends.length > 0 && ends.every((end) => end.classList.contains('dimmed')));
  }
  byId('count').textContent = `${shown} of ${events.length} lines`;
}

function zoom(to) {
  scale = Math.min(4, Math.max(0.2, to));
  svg.setAttribute('width', String(base.width * scale));
  svg.setAttribute('height', String(base.height * scale));
  byId('scale').textContent = `${Math.round(scale * 100)}%`;
  keepNames();
}

/** Keeps the names of the peers at the top of what is to be seen. */
function keepNames() {
  byId('names').setAttribute('transform', `translate(0 ${main.scrollTop / scale})`);
}

function show(row) {
  const detail = details.get(row);
  if (detail === undefined) return;
  const panel = byId('details');
  const title = document.createElement('h2');
  title.textContent = detail.text;
  const list = document.createElement('dl');
  for (const [name, value] of detail.fields) {
    const term = document.createElement('dt');
    const definition = document.createElement('dd');
    term.textContent = name;
    definition.textContent = value;
    list.append(term, definition);
  }
  panel.replaceChildren(title, list);
  panel.hidden = false;
  for (const shape of [...events, ...messages]) shape.classList.remove('chosen');
  eventOfRow.get(row)?.classList.add('chosen');
  for (const message of messages) {
    if (Number(message.dataset.row) !== row && Number(message.dataset.from) !== row) continue;
    message.classList.add('chosen');
    for (const end of [message.dataset.from, message.dataset.row]) eventOfRow.get(Number(end))?.classList.add('chosen');
  }
}

svg.addEventListener('mouseover', (over) => {
  const shape = over.target.closest('.event, .message');
  if (shape !== null) show(Number(shape.dataset.row));
});
for (const box of document.querySelectorAll('header input')) box.addEventListener('input', applyFilter);
byId('in').addEventListener('click', () => zoom(scale * 1.25));
byId('out').addEventListener('click', () => zoom(scale / 1.25));
document.addEventListener('keydown', (press) => {
  if (press.target === byId('filter')) return;
  if (press.key === '+') zoom(scale * 1.25);
  else if (press.key === '-') zoom(scale / 1.25);
  else if (press.key === '0') zoom(1);
  else if (press.key === 'Escape') byId('details').hidden = true;
  else if (press.key === '/') {
    press.preventDefault();
    byId('filter').focus();
  }
});
svg.addEventListener(
  'wheel',
  (wheel) => {
    if (!wheel.ctrlKey) return;
    wheel.preventDefault();
    zoom(scale * (wheel.deltaY < 0 ? 1.1 : 1 / 1.1));
  },
  { passive: false },
);
main.addEventListener('scroll', keepNames);
applyFilter();
[...svg.querySelectorAll('.event.evidence')].at(-1)?.scrollIntoView({ block: 'center' });
