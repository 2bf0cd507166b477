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
