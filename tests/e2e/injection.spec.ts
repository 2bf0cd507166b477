import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import Sqlite from 'better-sqlite3';
import { filledIn, PAGES } from './addresses';
import { type Running, startFlightdeck } from './setup/flightdeck';

const CALL = 'window.__ran=1';
const TAGS = [
  `<script data-x>${CALL}</script>`,
  `<img data-x src=x onerror=${CALL}>`,
  `<svg data-x onload=${CALL}>`,
  `<svg data-x><script>${CALL}</script></svg>`,
  `<iframe data-x srcdoc="<script>parent.${CALL}</script>">`,
  `<iframe data-x src="javascript:parent.${CALL}">`,
  `<body data-x onload=${CALL}>`,
  `<details data-x open ontoggle=${CALL}>`,
  `<video data-x><source onerror=${CALL}>`,
  `<audio data-x src=x onerror=${CALL}>`,
  `<input data-x autofocus onfocus=${CALL}>`,
  `<a data-x href="javascript:${CALL}">x</a>`,
  `<form data-x action="javascript:${CALL}"><button>x</button></form>`,
  `<object data-x data="javascript:${CALL}">`,
  `<embed data-x src="javascript:${CALL}">`,
  `<math data-x><mtext><script>${CALL}</script></mtext></math>`,
  `<style data-x>@import "//evil.example/x.css"</style>`,
  `<link data-x rel=stylesheet href="//evil.example/x.css">`,
  `<meta data-x http-equiv=refresh content="0;url=//evil.example">`,
  `<base data-x href="//evil.example/">`,
  `<template data-x><script>${CALL}</script></template>`,
  `<marquee data-x onstart=${CALL}>`,
  `<img data-x src="x" srcset="x" sizes onerror="${CALL}">`,
  `<isindex data-x type=image src=1 onerror=${CALL}>`,
];
const BREAKS = [
  '"><',
  "'><",
  '</script><',
  '</title><',
  '</textarea><',
  '</style><',
  '--><',
  ']]><',
  '</option><',
];
/** Fifty strings that would be an element, a script or an address if anything took them for more than words. */
const STRINGS = [
  ...TAGS,
  ...BREAKS.map((start) => `${start}img data-x src=x onerror=${CALL}>`),
  `javascript:${CALL}//`,
  `data:text/html,<script>${CALL}</script>`,
  `" onmouseover="${CALL}" data-x="`,
  `' autofocus onfocus='${CALL}' data-x='`,
  '`-alert(1)-`',
  `$\{alert(1)}`,
  '{{constructor.constructor("alert(1)")()}}',
  '<%= alert(1) %>',
  `\\u003cimg data-x src=x onerror=${CALL}\\u003e`,
  `&lt;img data-x src=x onerror=${CALL}&gt;`,
  `&#60;img data-x src=x onerror=${CALL}&#62;`,
  `%3Cimg data-x src=x onerror=${CALL}%3E`,
  `＜img data-x src=x onerror=${CALL}＞`,
  `<scr\u0000ipt data-x>${CALL}</scr\u0000ipt>`,
  `\u202e<img data-x src=x onerror=${CALL}>`,
  `\u2028</script><img data-x src=x onerror=${CALL}>`,
  '<!--<img data-x src=x>',
];

let own: Awaited<ReturnType<typeof startFlightdeck>>;
test.beforeAll(async () => {
  own = await startFlightdeck();
});
test.afterAll(async () => {
  process.kill(own.running.processes.worker, 'SIGCONT');
  await own.stop();
});

/** A sync would put Apple's own words back. It is stopped where it holds no lock: the database is ours meanwhile. */
function stopWorker({ dataDir, processes }: Running): void {
  const db = new Sqlite(path.join(dataDir, 'flightdeck.db'), { timeout: 5000 });
  db.exec('BEGIN IMMEDIATE');
  process.kill(processes.worker, 'SIGSTOP');
  db.exec('COMMIT');
  db.close();
}

/** Puts the strings wherever testers, Apple or colleagues may put words, behind every check of ours and of Apple's. */
function fillWithStrings({ dataDir }: Running): void {
  const db = new Sqlite(path.join(dataDir, 'flightdeck.db'), { timeout: 5000 });
  const ids = (table: string) =>
    db
      .prepare<[], { rowid: number }>(`SELECT rowid AS rowid FROM "${table}" ORDER BY rowid`)
      .all()
      .map(({ rowid }) => rowid);
  const some = (offset: number) => STRINGS[offset % STRINGS.length] ?? '';
  /** In columns, which are searched and sorted, and in the document, which is shown. */
  const put = (table: string, hasDocument: boolean, ...columns: string[]) => {
    const set = columns.map((column) => `"${column}" = ?`);
    if (hasDocument)
      set.push(`document = json_set(document, ${columns.map((one) => `'$.${one}', ?`).join(', ')})`);
    const update = db.prepare(`UPDATE "${table}" SET ${set.join(', ')} WHERE rowid = ?`);
    for (const [index, rowid] of ids(table).entries()) {
      const values = columns.map((_, column) => some(index * columns.length + column));
      update.run(...values, ...(hasDocument ? values : []), rowid);
    }
  };
  put('betaTesters', true, 'firstName', 'lastName');
  put('betaGroups', true, 'name', 'publicLink');
  put('apps', true, 'name', 'bundleId');
  put('betaBuildLocalizations', true, 'whatsNew');
  put('feedback', true, 'comment');
  put('preReleaseVersions', true, 'version');
  put('Account', false, 'name', 'statusDetail');
  put('users', false, 'name');
  const testers = db
    .prepare<[], { accountId: string; appId: string; id: string }>(
      'SELECT accountId, appId, id FROM betaTesters',
    )
    .all();
  const owner = db.prepare<[], { id: string }>('SELECT id FROM users').get()?.id ?? '';
  const now = Date.now();
  for (const [index, { accountId, appId, id }] of testers.entries()) {
    const key = [accountId, appId, id];
    db.prepare(
      'INSERT INTO testerNotes (accountId, appId, testerId, note, protected, updatedAt) VALUES (?, ?, ?, ?, 0, ?)',
    ).run(...key, some(index), now);
    db.prepare(
      'INSERT INTO testerTags (accountId, appId, testerId, tag, createdAt) VALUES (?, ?, ?, ?, ?)',
    ).run(...key, some(index + 7), now);
  }
  for (const [index, text] of STRINGS.entries()) {
    db.prepare(
      `INSERT INTO savedViews (id, page, name, query, shared, ownerId, createdAt, updatedAt)
       VALUES (?, 'testers', ?, ?, 1, ?, ?, ?)`,
    ).run(`view-${index}`, text, `search=${encodeURIComponent(text)}`, owner, now, now);
  }
  db.close();
}

interface Watched extends Window {
  __ran?: number;
  __violations?: string[];
}

async function watch(page: Page): Promise<string[]> {
  const seen: string[] = [];
  page.on('dialog', async (dialog) => {
    seen.push(`dialog ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('pageerror', (error) => seen.push(error.message));
  await page.addInitScript(() => {
    const violations: string[] = [];
    (window as Watched).__violations = violations;
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
      violations.push(`${violatedDirective} ${blockedURI} ${sourceFile}`);
    });
  });
  return seen;
}

test('fifty strings that would be markup stay words on every page: no element, no dialog, no violation', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  expect(STRINGS).toHaveLength(50);
  const { running } = own;
  const context = await browser.newContext({ baseURL: running.url });
  const page = await context.newPage();
  const seen = await watch(page);
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(running.email);
  await page.getByLabel('Password').fill(running.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();
  stopWorker(running);
  fillWithStrings(running);

  const shown = new Set<string>();
  for (const address of await filledIn(running, PAGES)) {
    await page.goto(address);
    await page.waitForLoadState('networkidle');
    const found = await page.evaluate(() => ({
      elements: [...document.querySelectorAll('[data-x], base')].map((one) => one.outerHTML.slice(0, 200)),
      ran: (window as Watched).__ran ?? null,
      violations: (window as Watched).__violations ?? null,
      addresses: [...document.querySelectorAll('[href], [src], [action]')]
        .flatMap((one) => ['href', 'src', 'action'].map((name) => one.getAttribute(name) ?? ''))
        .filter((value) => /^\s*(javascript|data:text|vbscript):?/i.test(value)),
      text: document.querySelector('main')?.textContent ?? '',
    }));
    expect([address, { ...found, text: '' }]).toEqual([
      address,
      { elements: [], ran: null, violations: [], addresses: [], text: '' },
    ]);
    for (const text of STRINGS) if (found.text.includes(text)) shown.add(text);
  }
  expect(seen).toEqual([]);
  // Whatever was not cut short, scrolled away or made of characters nobody sees was there to be read.
  expect(shown.size).toBeGreaterThan(25);
  await context.close();
});
