import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/**
 * What axe finds on a page, or in a part of it, a line each. In one go: its other way, which pages with frames of other
 * sites need, opens a second page for each look; and what is in order is not described.
 */
export async function axeFindings(page: Page, part?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  // What a button in focus or under the pointer tells of itself stands for a moment outside of every landmark.
  axe.exclude('[data-base-ui-portal]:has([data-tooltip])');
  if (part !== undefined) axe.include(part);
  const { violations } = await axe.analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
}
