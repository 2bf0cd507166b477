import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { type Installation, pagesOf, startInstallation } from './installation';
import { type BenchOptions, type Metric, median, percentile } from './result';

/** Chromium reports what took longer than this; what it does not report is counted as this, in milliseconds. */
const SHORTEST_EVENT_MS = 16;
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };

/** What a person feels in a real browser: first paint, answers to clicks, scrolling. */
export async function browserMetrics(options: BenchOptions): Promise<Metric[]> {
  const flightdeck = await startInstallation(options);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    await flightdeck.collect();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addCookies(cookiesOf(flightdeck));
    await context.addInitScript(watch);
    return [
      ...(await firstPaints(context, flightdeck, options)),
      await interactions(context, flightdeck, options),
      ...(await scrolling(context, flightdeck)),
      await nextReports(context, flightdeck),
    ];
  } finally {
    await browser.close();
    await flightdeck.stop();
  }
}

function cookiesOf({ web, cookie }: Installation) {
  return cookie.split('; ').map((pair) => {
    const at = pair.indexOf('=');
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url: web.url };
  });
}

interface Seen {
  lcp: number;
  shift: number;
  longest: number;
  event: number;
}

/** Runs in the page before anything else of it. */
function watch(): void {
  const seen: Seen = { lcp: 0, shift: 0, longest: 0, event: 0 };
  Object.assign(window, { seen });
  const observe = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
      durationThreshold: 16,
    } as PerformanceObserverInit);
  observe('largest-contentful-paint', ({ startTime }) => {
    seen.lcp = startTime;
  });
  observe('layout-shift', (entry) => {
    const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
    if (!hadRecentInput) seen.shift += value;
  });
  observe('longtask', ({ duration }) => {
    seen.longest = Math.max(seen.longest, duration);
  });
  observe('event', (entry) => {
    const { interactionId } = entry as PerformanceEntry & { interactionId: number };
    if (interactionId) seen.event = Math.max(seen.event, entry.duration);
  });
}

const read = (page: Page): Promise<Seen> => page.evaluate(() => (window as unknown as { seen: Seen }).seen);
const reset = (page: Page): Promise<void> =>
  page.evaluate(() => {
    Object.assign((window as unknown as { seen: Seen }).seen, { shift: 0, longest: 0, event: 0 });
  });

async function firstPaints(
  context: BrowserContext,
  flightdeck: Installation,
  { rounds }: BenchOptions,
): Promise<Metric[]> {
  const { mirrored } = await pagesOf(flightdeck);
  const page = await context.newPage();
  const lcp = async (url: string) => {
    await page.goto(url, { waitUntil: 'networkidle' });
    return (await read(page)).lcp;
  };
  const at = (path: string) => flightdeck.web.url + path;
  const [ours, least, slow, leastSlow]: number[][] = [[], [], [], []];
  for (let round = 0; round < rounds; round += 1) {
    least?.push(await lcp(`${flightdeck.hello.url}/`));
    for (const path of mirrored) ours?.push(await lcp(at(path)));
  }
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', SLOW_4G);
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  for (const path of [
    flightdeck.hello.url,
    ...['/', '/testers', (await pagesOf(flightdeck)).testers].map(at),
  ])
    (path === flightdeck.hello.url ? leastSlow : slow)?.push(await lcp(path));
  await page.close();
  const metric = (name: string, mine: number[] = [], hello: number[] = [], max = 0): Metric => ({
    name,
    value: median(mine),
    max,
    unit: 'ms',
    how: `median of ${mine.length} loads, slowest ${Math.round(Math.max(...mine))} ms; the empty page ${Math.round(median(hello))} ms`,
  });
  return [
    metric('largest contentful paint, desktop', ours, least, 300),
    metric('the same on a fourth of the processor and slow 4G, nothing cached', slow, leastSlow, 2000),
  ];
}

/** Sort, filter, select all and open, over and over in the list of an app's testers. */
async function interactions(
  context: BrowserContext,
  flightdeck: Installation,
  { rounds }: BenchOptions,
): Promise<Metric> {
  const page = await context.newPage();
  const address = flightdeck.web.url + (await pagesOf(flightdeck)).testers;
  const took: Record<string, number[]> = {};
  const timed = async (name: string, act: () => Promise<void>) => {
    await reset(page);
    await act();
    await page.waitForTimeout(400);
    took[name] = [...(took[name] ?? []), Math.max(SHORTEST_EVENT_MS, (await read(page)).event)];
  };
  const button = (name: string | RegExp) => page.getByRole('button', { name }).first();
  for (let round = 0; round < rounds * 3; round += 1) {
    await page.goto(address, { waitUntil: 'networkidle' });
    await timed('sort', () => page.getByRole('columnheader').getByRole('button').first().click());
    await timed('open the filter', () => button(/^Filter by state/).click());
    await timed('filter', () => page.getByRole('option').first().click());
    await page.keyboard.press('Escape');
    await timed('select', () => page.getByLabel('Select all loaded rows').click());
    await timed('select all', () => button(/^Select all .* matching$/).click());
    await timed('open', () => page.getByRole('table').getByRole('link').nth(2).click());
  }
  await page.close();
  const all = Object.values(took).flat();
  const each = Object.entries(took).map(([name, times]) => `${name} ${Math.round(median(times))}`);
  return {
    name: 'interaction to next paint, p75',
    value: percentile(all, 0.75),
    max: 50,
    unit: 'ms',
    how: `${all.length} clicks in a list of testers; medians in ms, ${SHORTEST_EVENT_MS} being the least Chromium tells: ${each.join(', ')}`,
  };
}

async function scrolling(context: BrowserContext, { web }: Installation): Promise<Metric[]> {
  const page = await context.newPage();
  await page.goto(`${web.url}/testers`, { waitUntil: 'networkidle' });
  await page.mouse.move(720, 500);
  await reset(page);
  let rows = 0;
  for (let turn = 0; turn < 80; turn += 1) {
    await page.mouse.wheel(0, 700);
    await page.waitForTimeout(50);
    rows = Math.max(rows, await page.locator('tr[data-row]').count());
  }
  const { longest, shift } = await read(page);
  const reached = await page.evaluate(() => Math.round(window.scrollY));
  await page.close();
  const how = `80 turns of the wheel through all testers, ${reached} px down`;
  return [
    {
      name: 'longest task while scrolling',
      value: longest,
      max: 50,
      unit: 'ms',
      how: `${how}; 0 means none above 50 ms`,
    },
    { name: 'rows in the document while scrolling', value: rows, max: 80, how },
    { name: 'layout shift while scrolling', value: shift, max: 0.02, how },
  ];
}

const PRESSES = 80;
/** Nobody decides on a report faster than this, ms. */
const LOOKED_AT_MS = 500;

/** From the press of `j` on a report until the next one stands there with its pictures. */
async function nextReports(context: BrowserContext, { web }: Installation): Promise<Metric> {
  const page = await context.newPage();
  await page.goto(`${web.url}/feedback?view=all`, { waitUntil: 'networkidle' });
  await page.getByRole('table').getByRole('link').first().click();
  await page.locator(TRIAGE).waitFor();
  await page.evaluate(timePresses, TRIAGE);
  const took = () => page.evaluate(() => (window as unknown as { took: number[] }).took);
  for (let press = 1; press <= PRESSES; press += 1) {
    await page.waitForTimeout(LOOKED_AT_MS);
    await page.keyboard.press('j');
    await page.waitForFunction(
      (count) => (window as unknown as { took: number[] }).took.length >= count,
      press,
      { polling: 100 },
    );
  }
  const times = await took();
  await page.close();
  return {
    name: 'next report by `j`, p95',
    value: percentile(times, 0.95),
    max: 100,
    unit: 'ms',
    how: `${times.length} presses, ${LOOKED_AT_MS} ms after the one before was there, until the report and its pictures are painted; median ${Math.round(median(times))} ms`,
  };
}

/** Only a report that is there has it, and each has its own. */
const TRIAGE = 'aside[aria-label="Triage"]';

/** Runs in the page: notes for each `j` how long it took until another report was painted. */
function timePresses(triage: string): void {
  const took: number[] = [];
  Object.assign(window, { took });
  addEventListener(
    'keydown',
    ({ key, timeStamp }) => {
      if (key !== 'j') return;
      const before = document.querySelector(triage);
      const look = () => {
        const now = document.querySelector(triage);
        const pictures = [...document.querySelectorAll<HTMLImageElement>('main img')];
        if (now === null || now === before || pictures.some(({ complete }) => !complete))
          return void requestAnimationFrame(look);
        // The frame in which it stands there is painted before the next one begins.
        requestAnimationFrame(() => took.push(performance.now() - timeStamp));
      };
      requestAnimationFrame(look);
    },
    { capture: true },
  );
}
