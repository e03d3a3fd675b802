import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assert, suite, temporaryFolder, unlessRuns } from '@raftlens/testing';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ClusterLog, storyLog } from './support/cluster-log.ts';
import { raftlens } from './support/command.ts';

const pictures = suite('pictures');

const CHROMIUM = '/usr/bin/chromium';
const skip = unlessRuns([CHROMIUM, '--version'], 'chromium');
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let browser: Browser | null = null;

pictures.after(async () => {
  await browser?.close();
});

/** Makes the page of a log as a user would, and opens it in a real browser. What the page complains of fails the test. */
async function opened(log: ClusterLog, work: (page: Page) => Promise<void>): Promise<void> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'run.ndjson'), log.text);
  const { code, stderr } = await raftlens(['html', 'run.ndjson', '-o', 'run.html'], { cwd: folder });
  assert.is(code, 0, stderr);
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(`asks for ${request.url()}`);
  });
  await page.goto(pathToFileURL(join(folder, 'run.html')).href);
  await work(page);
  await page.close();
  assert.equal(complaints, []);
}

const visible = (page: Page, selector: string) => page.locator(`${selector}:not(.hidden):not(.dimmed)`).count();

pictures('the page shows every line, an arrow for each message, and the violation', { skip, timeoutMs: 60_000 }, () =>
  opened(storyLog(), async (page) => {
    assert.is(await page.locator('.event').count(), 57);
    assert.is(await page.locator('.message:not(.lost)').count(), 17);
    assert.is(await page.locator('.message.lost').count(), 1);
    assert.is(await page.locator('.event.evidence').count(), 3);
    assert.match(await page.locator('.violation').innerText(), /All servers rule 1 .* broken by S3/);
    assert.match(await page.locator('#count').innerText(), /57 of 57 lines/);
  }),
);

pictures('the page filters by text and by pattern, and hides heartbeats and peers', { skip, timeoutMs: 60_000 }, () =>
  opened(storyLog(), async (page) => {
    await page.fill('#filter', 'vote t1 for');
    assert.is(await visible(page, '.event'), 2);
    await page.fill('#filter', '/Commit|Apply/');
    assert.is(await visible(page, '.event'), 4);
    await page.fill('#filter', '/(/');
    assert.is(await page.locator('#filter.wrong').count(), 1);
    await page.fill('#filter', '');
    await page.uncheck('#heartbeats');
    assert.is(await visible(page, '.event'), 57 - 20);
    await page.uncheck('.peer[value="2"]');
    assert.is(await page.locator('.event[data-peer="2"]:not(.hidden)').count(), 0);
  }),
);

pictures('the page tells the details of what is pointed at, and marks both ends of its message', { skip, timeoutMs: 60_000 }, () =>
  opened(storyLog(), async (page) => {
    assert.not(await page.locator('#details').isVisible());
    await page.locator('.event[data-row="6"]').dispatchEvent('mouseover');
    assert.match(await page.locator('#details h2').innerText(), /S1->S2 RequestVote T1/);
    assert.match(await page.locator('#details dl').innerText(), /lastLogIndex\s+0/);
    assert.is(await page.locator('.event.chosen').count(), 2);
    await page.keyboard.press('Escape');
    assert.not(await page.locator('#details').isVisible());
  }),
);

pictures('the page zooms by buttons and keys, and keeps the names of the peers in view', { skip, timeoutMs: 60_000 }, () =>
  opened(storyLog(), async (page) => {
    const width = async () => Number(await page.locator('main svg').getAttribute('width'));
    const before = await width();
    await page.click('#in');
    await page.keyboard.press('+');
    assert.ok((await width()) > before * 1.5);
    await page.keyboard.press('0');
    assert.is(await width(), before);
    await page.evaluate('document.querySelector("main").scrollTop = 300');
    await page.waitForFunction(
      'document.querySelector("#names").getBoundingClientRect().top >= document.querySelector("main").getBoundingClientRect().top - 1',
    );
  }),
);

pictures('nothing in a log can become markup or script of the page', { skip, timeoutMs: 60_000 }, () => {
  const log = new ClusterLog('S1', '<b>S2</b>');
  const attacks = [
    '</script><script>document.title="owned"</script>',
    '"><img src=x onerror="document.title=1">',
    "'&lt;]]>",
    '\u2028\u001b[2J',
  ];
  for (const attack of attacks) log.step('S1', 'Start', { index: 1, hash: 'aaaaaaaa', cmd: attack });
  log.raw('<svg onload="document.title=2">');
  return opened(log, async (page) => {
    assert.match(await page.title(), /run\.ndjson/);
    assert.is(await page.locator('main b, main img, main script').count(), 0);
    await page.locator('.event[data-row="2"]').dispatchEvent('mouseover');
    assert.match(await page.locator('#details').innerText(), /<\/script><script>/);
  });
});

pictures('svg alone is a whole picture without script', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'run.ndjson'), storyLog().text);
  const { code, stdout } = await raftlens(['svg', 'run.ndjson', '--filter', '!heartbeat'], { cwd: folder });
  assert.is(code, 0);
  assert.match(stdout, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  assert.not.match(stdout, /<script|href=|url\(http/);
  assert.is(stdout.match(/class="event[ "]/g)?.length, 37);
});

pictures('too many lines are cut down to those around the violation', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'run.ndjson'), storyLog().text);
  const around = await raftlens(['svg', 'run.ndjson', '--limit', '20', '--context', '3'], { cwd: folder });
  assert.is(around.stdout.match(/class="event[ "]/g)?.length, 7);
  const first = await raftlens(['svg', 'run.ndjson', '--limit', '5', '--filter', 'op=Boot or op=Vote or op=Append'], { cwd: folder });
  assert.is(first.stdout.match(/class="event[ "]/g)?.length, 5);
  assert.match(first.stderr, /only the first 5 of 8 lines are drawn/);
});
