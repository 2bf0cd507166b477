import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { besideTheScreen } from './beside-the-screen';

const COLOURS = 'color-contrast';

interface Look {
  /** What is looked at; by default the whole page. */
  readonly part?: string;
  /** Whether colours are looked at, which takes longest, or nothing else; by default everything is. */
  readonly colours?: 'only' | 'left out';
}

/**
 * What axe finds on a page, or in a part of it, a line each. In one go: its other way, which pages with frames of other
 * sites need, opens a second page for each look; and what is in order is not described.
 */
export async function axeFindings(page: Page, { part, colours }: Look = {}): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const rules = {
    ...(colours === 'only' ? { runOnly: [COLOURS] } : {}),
    ...(colours === 'left out' ? { rules: { [COLOURS]: { enabled: false } } } : {}),
  };
  axe.options({ resultTypes: ['violations'], ...rules });
  // What a button in focus or under the pointer tells of itself stands for a moment outside of every landmark.
  axe.exclude('[data-base-ui-portal]:has([data-tooltip])');
  if (part !== undefined) axe.include(part);
  const { violations } = await axe.analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
}

/** How a page is looked at: as a whole at both widths, and in both schemes, which change nothing but colours. */
const LOOKS = [
  { scheme: 'light', width: 1440, height: 900 },
  { scheme: 'dark', width: 1440, height: 900, colours: 'only' },
  { scheme: 'dark', width: 390, height: 844 },
] as const;

export interface PageLook {
  readonly scheme: 'light' | 'dark';
  readonly width: number;
}

/**
 * No finding of axe on the page that is open, in light and dark, wide and on a phone, and nothing beside a phone's
 * screen. `seen` is called in each of these looks.
 */
export async function expectWellMade(
  page: Page,
  name: string,
  seen: (look: PageLook) => Promise<unknown> = async () => undefined,
): Promise<void> {
  for (const { scheme, width, height, ...look } of LOOKS) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await seen({ scheme, width });
    // A toast takes on the new colours a moment after the page.
    await expect.soft
      .poll(() => axeFindings(page, look), { message: `${name} in ${scheme} at ${width}` })
      .toEqual([]);
  }
  // A page arranges itself anew after its window changed.
  await expect.soft
    .poll(() => page.evaluate(besideTheScreen), { message: `${name} is wider than a phone` })
    .toEqual([]);
  // The next page is opened wide, as this one was.
  await page.setViewportSize({ width: LOOKS[0].width, height: LOOKS[0].height });
  await page.emulateMedia({ colorScheme: LOOKS[0].scheme, reducedMotion: 'reduce' });
}

/** What the browser complains of while pages are open, as what a policy refused or a script that broke. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}
