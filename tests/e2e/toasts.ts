import { expect, type Page } from '@playwright/test';

/**
 * Presses Undo in the toast that says `words` and waits for the answer. Earlier toasts may still offer theirs, or say
 * that something else was undone.
 */
export async function undo(page: Page, words: string | RegExp): Promise<void> {
  const toast = page.locator('[data-sonner-toast]').filter({ hasText: words });
  const answer = page.waitForResponse((response) => response.url().endsWith('/undo'));
  await toast.getByRole('button', { name: 'Undo' }).first().click();
  expect((await answer).ok()).toBe(true);
  await expect(page.locator('[data-sonner-toast]').filter({ hasText: 'Undone' }).first()).toContainText(
    words,
  );
  // Toasts stay while the mouse is over them, and would cover what is pressed next.
  await page.mouse.move(0, 0);
}

/** Waits until a toast says what came of a job. */
export async function expectTold(page: Page, words: string | RegExp): Promise<void> {
  await expect(page.locator('[data-sonner-toast]').filter({ hasText: words }).first()).toBeVisible({
    timeout: 60_000,
  });
}
