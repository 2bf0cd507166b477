import { describe, expect, it } from 'vitest';
import { catalogue } from '@/lib/asc/catalogue';

const app = { data: { type: 'apps', id: '1' } };
const build = { data: { type: 'builds', id: '1' } };
const groups = { data: [{ type: 'betaGroups', id: '1' }] };
const { betaGroups, betaTesters, betaBuildLocalizations, webhooks, builds, betaAppReviewDetails } = catalogue;

/** The messages of everything wrong, or an empty list. */
function problems(
  schema: { safeParse(value: unknown): { success: boolean; error?: unknown } },
  value: unknown,
) {
  const { error } = schema.safeParse(value);
  if (!error) return [];
  const { issues } = error as { issues: { path: (string | number)[]; message: string }[] };
  return issues.map(({ path, message }) => `${path.join('/')}: ${message}`);
}

const group = (attributes: object) => ({ attributes: { name: 'A', ...attributes }, relationships: { app } });

describe('what may be written', () => {
  it.each([
    ['a group', betaGroups.create, group({ publicLinkLimit: 10_000, feedbackEnabled: null })],
    ['a smaller change of it', betaGroups.update, { attributes: { publicLinkEnabled: false } }],
    [
      'a tester',
      betaTesters.create,
      { attributes: { email: 'a@b.co' }, relationships: { betaGroups: groups } },
    ],
    ['an expiry', builds.update, { attributes: { expired: true } }],
    ['an emptied text', betaAppReviewDetails.update, { attributes: { notes: null } }],
    [
      'What to Test of 4,000 characters',
      betaBuildLocalizations.create,
      { attributes: { locale: 'zh-Hans', whatsNew: 'ä'.repeat(4000) }, relationships: { build } },
    ],
  ])('%s', (_name, schema, value) => {
    expect(problems(schema, value)).toEqual([]);
  });

  it.each([
    ['no name', betaGroups.create, group({ name: ' ' }), 'attributes/name: Enter a name.'],
    ['no name at all', betaGroups.create, group({ name: undefined }), 'attributes/name: Enter a name.'],
    [
      'a link for nobody',
      betaGroups.create,
      group({ publicLinkLimit: 0 }),
      'attributes/publicLinkLimit: A public link takes between 1 and 10,000 testers.',
    ],
    [
      'a link for too many',
      betaGroups.update,
      { attributes: { publicLinkLimit: 10_001 } },
      'attributes/publicLinkLimit: A public link takes between 1 and 10,000 testers.',
    ],
    [
      'no address',
      betaTesters.create,
      { attributes: { email: 'a＠b.co' }, relationships: { betaGroups: groups } },
      'attributes/email: “＠” (U+FF20) only looks like “@”. Type the address anew.',
    ],
    [
      'groups and builds at once',
      betaTesters.create,
      {
        attributes: { email: 'a@b.co' },
        relationships: { betaGroups: groups, builds: { data: [{ type: 'builds', id: '1' }] } },
      },
      'relationships: Choose either groups or single builds for the tester, not both.',
    ],
    [
      'an emoji',
      betaBuildLocalizations.update,
      { attributes: { whatsNew: 'New 🎉' } },
      'attributes/whatsNew: What to Test takes no emoji and no “<”.',
    ],
    [
      'more than 4,000 characters',
      betaBuildLocalizations.update,
      { attributes: { whatsNew: 'ä'.repeat(4001) } },
      'attributes/whatsNew: What to Test is longer than 4,000 characters.',
    ],
    [
      'an address that is no web address',
      webhooks.update,
      { attributes: { url: 'ftp://a.b' } },
      'attributes/url: Enter a complete address, such as https://example.com.',
    ],
    [
      'a linkage of another type',
      betaGroups.create,
      { attributes: { name: 'A' }, relationships: { app: build } },
      'relationships/app/data/type: Invalid input: expected "apps"',
    ],
  ])('not %s', (_name, schema, value, message) => {
    expect(problems(schema, value)).toEqual([message]);
  });

  it('refuses keys Apple does not know, everywhere', () => {
    expect(problems(betaGroups.update, { attributes: { isInternalGroup: true } })[0]).toContain(
      'isInternalGroup',
    );
    expect(problems(betaGroups.update, { attributes: {}, id: '2' })[0]).toContain('id');
  });
});
