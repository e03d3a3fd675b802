import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert, suite } from '../src/index.ts';

const it = suite('the documentation');

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const PAGES = [
  'README.md',
  'logs/README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

interface Link {
  readonly text: string;
  readonly target: string;
}

/** The links of a page to files of this repository, outside its code blocks. */
function linksOf(page: string): Link[] {
  const prose = readFileSync(join(ROOT, page), 'utf8').replace(/^```.*?^```/gms, '');
  return [...prose.matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)]
    .map((match) => ({ text: match[1] ?? '', target: (match[2] ?? '').replace(/#.*$/, '') }))
    .filter(({ target }) => target !== '' && !/^[a-z]+:/.test(target));
}

for (const page of PAGES) {
  it(`has no link in ${page} that leads nowhere`, () => {
    const broken = linksOf(page).filter(({ target }) => !existsSync(join(ROOT, dirname(page), target)));
    assert.equal(
      broken.map(({ target }) => target),
      [],
    );
  });
}

it('finds every name of the tour in the file that it points to', () => {
  const missing = linksOf('docs/TOUR.md').flatMap(({ text, target }) => {
    const path = join(ROOT, 'docs', target);
    const source = target.endsWith('.ts') && existsSync(path) ? readFileSync(path, 'utf8') : '';
    const names = [...text.matchAll(/`(\w+)`/g)].map((match) => match[1] ?? '');
    return names
      .filter((name) => source !== '' && !new RegExp(`\\b${name}\\b`).test(source))
      .map((name) => `${name} in ${relative(ROOT, path)}`);
  });
  assert.equal(missing, []);
});
