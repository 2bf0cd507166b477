import { expect, type Locator, type Page } from '@playwright/test';

/**
 * Presses a key until the page does what `seen` waits for. A page is readable before its scripts have come, and a key
 * pressed that early goes nowhere; into a dialog that is open it would be typed.
 */
export async function pressUntil(page: Page, key: string, seen: () => Promise<unknown>): Promise<void> {
  const dialog: Locator = page.getByRole('dialog');
  await expect(async () => {
    if ((await dialog.count()) === 0) await page.keyboard.press(key);
    await seen();
  }).toPass();
}

/** Waits until the page's scripts hold what it shows: keys pressed before that go nowhere. */
export async function awake(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('main button, main a')].every((element) =>
      Object.keys(element).some((key) => key.startsWith('__reactProps$')),
    ),
  );
}
