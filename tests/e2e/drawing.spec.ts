import { expect, test } from './setup/test';

test.use({ instance: 'rules' });

test('a box, an arrow and a word are drawn on a copy, by keys and by pointer, and the copy is deleted', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const stored = async () =>
    (
      (await (await page.request.get('/api/feedback?filter[kind]=screenshot&limit=50')).json()).data as {
        id: string;
        meta: { pictures: Record<string, number> };
      }[]
    ).find(({ meta }) => (meta.pictures.stored ?? 0) > 0)?.id ?? '';
  await expect.poll(stored, { timeout: 90_000 }).not.toBe('');
  await page.goto(`/feedback/${await stored()}?view=all`);
  await page.getByRole('button', { name: 'Draw on a copy of screenshot 1' }).click();
  const dialog = page.getByRole('dialog', { name: 'Draw on a copy' });
  const save = dialog.getByRole('button', { name: 'Save the copy' });
  await expect(save).toBeDisabled();
  const add = dialog.getByRole('button', { name: 'Add', exact: true });
  await expect(add).toBeEnabled();

  // By keys alone: added, moved, made larger, taken back.
  await add.focus();
  await page.keyboard.press('Enter');
  const box = dialog.getByRole('button', { name: 'Box 1' });
  await expect(box).toBeFocused();
  const path = () => box.locator('path').first().getAttribute('d');
  const began = await path();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  expect(await path()).not.toBe(began);
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await dialog.getByRole('button', { name: 'Undo' }).click();
  expect(await path()).toBe(began);
  await dialog.getByRole('radio', { name: 'Word' }).check();
  await dialog.getByRole('radio', { name: 'Blue' }).check();
  await add.click();
  await dialog.getByRole('textbox', { name: 'Word' }).fill('Too small');
  await expect(dialog.getByRole('button', { name: 'Word 2: Too small' })).toBeVisible();

  // By pointer.
  await dialog.getByRole('radio', { name: 'Arrow' }).check();
  const area = await dialog.getByRole('group', { name: /^The picture/ }).boundingBox();
  if (!area) throw new Error('There is no picture.');
  await page.mouse.move(area.x + area.width * 0.1, area.y + area.height * 0.1);
  await page.mouse.down();
  await page.mouse.move(area.x + area.width * 0.3, area.y + area.height * 0.25, { steps: 4 });
  await page.mouse.up();
  const arrow = dialog.getByRole('button', { name: 'Arrow 3' });
  await expect(arrow).toBeFocused();
  await page.screenshot({ path: 'test-results/drawing/dialog.png' });

  await save.click();
  await expect(dialog).toBeHidden();
  const drawn = page.getByRole('figure').filter({ hasText: 'Drawn by' });
  await expect(drawn).toBeVisible();
  const picture = drawn.getByRole('img', { name: /with a drawing by/ });
  await expect
    .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(0);
  await expect(page.getByText(/drew on a copy of a picture of/).first()).toBeVisible();
  await page.screenshot({ path: 'test-results/drawing/page.png', fullPage: true });
  await drawn.getByRole('button', { name: /^Delete the drawing by/ }).click();
  await page
    .getByRole('dialog', { name: 'Delete this drawing?' })
    .getByRole('button', { name: 'Remove' })
    .click();
  await expect(drawn).toBeHidden();
  await expect(page.getByRole('img', { name: 'Screenshot 1', exact: true })).toBeVisible();
});
