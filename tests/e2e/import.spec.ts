import { readFileSync } from 'node:fs';
import { auditOf, expectAccessible, jobIdOf, peopleAt, waitForJob } from './people';
import { expect, test } from './setup/test';

test('a file is understood, shown row by row, and only then sent; what failed imports again', async ({
  page,
  flightdeck,
}) => {
  test.setTimeout(150_000);
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group } = await people.place();
  const member = (await people.testers(appId)).find(
    ({ groupIds, email, state }) => groupIds.includes(group.id) && email !== null && state !== 'REVOKED',
  );
  const before = (await people.testers(appId)).length;
  await page.goto(`/apps/${appId}/testers/import`);
  await expectAccessible(page);
  // As Excel saves it in Germany: semicolons, a byte order mark, CR LF, headers in German.
  const text = [
    'Vorname;Nachname;E-Mail-Adresse;Gruppe',
    ...Array.from({ length: 6 }, (_, n) => `Ada${n};Lovelace;ada${n}@example.com;${group.name}`),
    `Been;There;${member?.email};${group.name}`,
    'No;Address;not-an-address;',
    'Wide;Sign;wide＠example.com;',
    `Same;Again;ADA0@example.com;${group.name}`,
    'Un;Known;unknown@example.com;A group nobody made',
  ].join('\r\n');
  await page.getByLabel('CSV file').setInputFiles({
    name: 'Tester März.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`\ufeff${text}`),
  });
  await expect(page.getByLabel('Vorname holds')).toHaveValue('firstName');
  await expect(page.getByLabel('E-Mail-Adresse holds')).toHaveValue('email');
  await expect(page.getByLabel('Gruppe holds')).toHaveValue('groups');
  const rows = page.getByRole('table', { name: 'Rows of the file' }).getByRole('row');
  await expect(rows).toHaveCount(12);
  await expect(page.getByRole('button', { name: 'Invite 6', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Already there 1', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Cannot be sent 4', exact: true }).click();
  await expect(rows).toHaveCount(5);
  await expect(rows.filter({ hasText: 'ADA0@example.com' })).toContainText('line 2');
  await expect(rows.filter({ hasText: 'unknown@example.com' })).toContainText('A group nobody made');
  expect((await people.testers(appId)).length).toBe(before);
  await page.getByRole('button', { name: 'All 11', exact: true }).click();
  await page.setViewportSize({ width: 1440, height: 1330 });
  await page.screenshot({ path: 'docs/images/import-preview.png' });
  await page.setViewportSize({ width: 1440, height: 900 });

  await people.addFault({
    kind: 'status',
    method: 'POST',
    route: '/v1/betaTesters',
    count: 1,
    status: 409,
    code: 'ENTITY_ERROR.ATTRIBUTE.INVALID',
    detail: 'The address is not allowed.',
  });
  await page.getByRole('button', { name: 'Invite 6 testers' }).click();
  await expect(page).toHaveURL(/\/jobs\/.+/);
  await waitForJob(page);
  await people.clearFaults();
  const jobId = jobIdOf(page);
  const made = (await people.testers(appId)).filter(({ email }) => email?.startsWith('ada'));
  expect(made).toHaveLength(5);
  expect(made.every(({ groupIds }) => groupIds.includes(group.id))).toBe(true);
  await page.getByRole('button', { name: 'Refused 5', exact: true }).click();
  await expect(page.getByText('The address is not allowed.')).toBeVisible();
  await expect(page.getByText('ENTITY_ERROR.ATTRIBUTE.INVALID')).toBeVisible();
  await page.screenshot({ path: 'docs/images/import-result.png' });
  await expectAccessible(page);
  const trail = await auditOf(page, `job=${jobId}&action=create`);
  expect(trail.filter(({ status }) => status === 'succeeded')).toHaveLength(5);
  expect(trail.filter(({ status }) => status === 'failed')).toHaveLength(1);

  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Refused rows as CSV' }).click();
  const file = await (await waiting).path();
  await page.goto(`/apps/${appId}/testers/import`);
  await page.getByLabel('CSV file').setInputFiles(file);
  await expect(page.getByRole('button', { name: 'Invite 1', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Invite 1 tester' }).click();
  await waitForJob(page);
  const again = (await people.testers(appId)).filter(({ email }) => email?.startsWith('ada'));
  expect(again).toHaveLength(6);
  const sent = await people.invitations();
  for (const { email } of again) expect(sent[String(email)] ?? 0).toBeLessThanOrEqual(1);
});

test('a file without addresses, and a column put right by hand', async ({ page, flightdeck }) => {
  const { appId } = await peopleAt(flightdeck.sandbox.baseUrl).place();
  await page.goto(`/apps/${appId}/testers/import`);
  await page.getByLabel('CSV file').setInputFiles({
    name: 'photo.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('PK\u0003\u0004 a workbook'),
  });
  await expect(page.getByRole('alert').filter({ hasText: /workbook|Excel|text/i })).toBeVisible();
  await page.getByRole('button', { name: 'Take another file' }).click();

  await page.getByLabel('Or paste rows').fill('Name,Email\n"Ada,ada@example.com');
  await page.getByRole('button', { name: 'Use these rows' }).click();
  await expect(page.getByText('A quotation mark opened at line 2 is not closed. Close it')).toBeVisible();
  await page.getByRole('button', { name: 'Change the rows' }).click();
  await expect(page.getByLabel('Or paste rows')).toHaveValue('Name,Email\n"Ada,ada@example.com');

  const people = 'Who,Known as,Where\nAda Lovelace,Countess,ada.by.hand@example.com';
  await page.getByLabel('Or paste rows').fill(people);
  await page.getByRole('button', { name: 'Use these rows' }).click();
  await page.getByLabel('There is a row with headers').check();
  await page.getByLabel('Known as holds').selectOption({ label: 'Not used' });
  await page.getByLabel('Who holds').selectOption({ label: 'Full name' });
  await page.getByRole('list', { name: 'Groups' }).getByRole('checkbox').nth(1).check();
  const row = page.getByRole('row').filter({ hasText: 'ada.by.hand@example.com' });
  await expect(row).toContainText('Ada Lovelace');
  await expect(row).not.toContainText('Countess');
  await expect(page.getByRole('button', { name: 'Invite 1 tester' })).toBeEnabled();
});

test('a file gives single builds instead of groups, to new people and to those the app has', async ({
  page,
  flightdeck,
}) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, builds } = await people.place();
  const [build] = builds;
  const known = (await people.testers(appId)).find(
    ({ email, state, buildIds }) => email !== null && state === 'INSTALLED' && buildIds.length === 0,
  );
  await page.goto(`/apps/${appId}/testers/import`);
  const rows = `First,Last,Email,Groups\nSolo,One,solo.one@example.com,Nobody made this\nIn,Already,${known?.email},`;
  await page.getByLabel('Or paste rows').fill(rows);
  await page.getByRole('button', { name: 'Use these rows' }).click();
  const row = page.getByRole('row').filter({ hasText: 'solo.one@example.com' });
  await expect(row).toContainText('Cannot be sent');
  await page.getByRole('radio', { name: /^Single builds/ }).check();
  await expect(page.getByRole('button', { name: 'Choose a build first' })).toBeDisabled();
  await page
    .getByRole('list', { name: 'Builds' })
    .getByRole('checkbox', { name: `(${build?.version})` })
    .check();
  await expect(row).toContainText('Invite');
  await expect(page.getByRole('row').filter({ hasText: String(known?.email) })).toContainText(
    'Give the build',
  );
  await expect(page.getByRole('list', { name: 'Good to know' })).toContainText('groups column is not read');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Invite 1 tester and give the builds to 1 tester' }).click();
  await expect(page).toHaveURL(/\/jobs\/.+/);
  await waitForJob(page);
  const made = await people.tester(appId, 'solo.one@example.com');
  expect([made?.buildIds, made?.groupIds]).toEqual([[build?.id], []]);
  const after = await people.tester(appId, String(known?.email));
  expect([after?.buildIds, after?.groupIds]).toEqual([[build?.id], known?.groupIds]);
  const trail = await auditOf(page, `job=${jobIdOf(page)}`);
  expect(trail.map(({ action, type, status }) => `${action} ${type} ${status}`).sort()).toEqual([
    'addLinkage betaTesters succeeded',
    'create betaTesters succeeded',
  ]);
});

test('addresses of others, old encodings and broken names reach nobody unseen, also on a phone', async ({
  page,
  flightdeck,
}) => {
  const { appId, group } = await peopleAt(flightdeck.sandbox.baseUrl).place();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/apps/${appId}/testers/import`);
  const long = 'x'.repeat(3000);
  await page
    .getByLabel('Or paste rows')
    .fill(
      [
        'Contact Owner,Name,Work Email,Personal Email,Password,Remarks',
        `owner@corp.example,Mara Lind,mara.lind@corp.example,mara@private.example,Hunter2!x,${long}`,
        'owner@corp.example,JosÃ© Ek,,jose@private.example,Tr0ub4dor&3,two',
      ].join('\n'),
    );
  await page.getByRole('button', { name: 'Use these rows' }).click();
  await expect(page.getByLabel('Work Email holds')).toHaveValue('email');
  await expect(page.getByLabel('Contact Owner holds')).toHaveValue('');
  await expect(page.getByLabel('Password holds')).toBeDisabled();
  await expect(page.locator('body')).not.toContainText('Hunter2');
  await page
    .getByRole('list', { name: 'Groups' })
    .getByRole('checkbox', { name: group.name })
    .first()
    .check();
  const row = page.getByRole('row').filter({ hasText: 'Personal Email' });
  await expect(row).toContainText('“Work Email” is empty here');
  await page.getByRole('button', { name: 'Use it for 1 row without the first' }).press('Enter');
  const held = page.getByRole('row').filter({ hasText: 'jose@private.example' });
  await expect(held).toContainText('The name looks broken');
  await expect(page.getByRole('button', { name: 'Invite 1 tester', exact: true })).toBeEnabled();
  await held.getByRole('button', { name: 'Without a name' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Invite 2 testers', exact: true })).toBeEnabled();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Change the rows' }).click();
  await page.getByLabel('CSV file').setInputFiles({
    name: 'list.csv',
    mimeType: 'text/csv',
    buffer: readFileSync('tests/factories/csv-cases/win1251.csv'),
  });
  await expect(page.getByLabel('Encoding')).toHaveValue('windows-1251');
  const anna = page.getByRole('row').filter({ hasText: 'anna@example.com' });
  await expect(anna).toContainText('Анна Иванова');
  await page.getByLabel('Encoding').selectOption('windows-1252');
  await expect(anna).not.toContainText('Анна');
  await expect(page.getByText('Chosen by you.').first()).toBeVisible();
});

test('somebody whom the app has is offered the group at the field', async ({ page, flightdeck }) => {
  const people = peopleAt(flightdeck.sandbox.baseUrl);
  const { appId, group } = await people.place();
  const known = (await people.testers(appId)).find(
    ({ email, state, groupIds }) => email !== null && state === 'INSTALLED' && !groupIds.includes(group.id),
  );
  await page.goto(`/apps/${appId}/testers`);
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite a tester' });
  await dialog.getByLabel('E-mail').fill('two..dots@example.com');
  await dialog.getByLabel('First name').focus();
  await expect(dialog.getByRole('alert')).toContainText('two dots in a row');
  await dialog.getByLabel('E-mail').fill(String(known?.email));
  await expect(dialog.getByRole('status')).toContainText(/tester of this app/);
  await dialog.getByRole('checkbox', { name: group.name }).first().check();
  await dialog.getByRole('button', { name: 'Add to group', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect
    .poll(async () => (await people.tester(appId, String(known?.email)))?.groupIds)
    .toContain(group.id);
});

test('an import that was begun is there again, unless its file holds passwords', async ({
  page,
  flightdeck,
}) => {
  const { appId } = await peopleAt(flightdeck.sandbox.baseUrl).place();
  const address = `/apps/${appId}/testers/import`;
  const paste = async (rows: string) => {
    await page.getByLabel('Or paste rows').fill(rows);
    await page.getByRole('button', { name: 'Use these rows' }).click();
  };
  await page.goto(address);
  await paste('Who,Known as,Where\nAda Lovelace,Countess,ada.kept@example.com');
  await page.getByLabel('Known as holds').selectOption({ label: 'Not used' });
  const row = page.getByRole('row').filter({ hasText: 'ada.kept@example.com' });
  await expect(row).toBeVisible();
  await expect
    .poll(async () => (await page.request.get(`/api/drafts?key=import/${appId}`)).text())
    .toContain('"mapping"');
  await page.goto(`/apps/${appId}/testers`);
  await page.goto(address);
  await expect(page.getByText('Draft kept from')).toBeVisible();
  await page.getByRole('button', { name: 'Use it' }).click();
  await expect(row).toBeVisible();
  await expect(page.getByLabel('Known as holds')).toHaveValue('');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(row).toBeHidden();

  await paste('Email Address [Required],Password [Required]\ntom.kept@example.com,hunter2hunter2');
  await expect(page.getByRole('row').filter({ hasText: 'tom.kept@example.com' })).toBeVisible();
  await page.getByRole('radio', { name: /^Single builds/ }).check();
  await expect
    .poll(async () => (await page.request.get(`/api/drafts?key=import/${appId}`)).text())
    .toContain('"builds"');
  const text = await (await page.request.get(`/api/drafts?key=import/${appId}`)).text();
  expect(text).toContain('"file":null');
  expect(text).not.toContain('base64');
});
