import { describe, expect, it } from 'vitest';
import type { BuildFacts } from '@/lib/services/ship/facts';
import { type ReadinessFacts, readinessOf } from '@/lib/services/ship/readiness';

const BUILD: BuildFacts = {
  ...{ id: 'b1', name: 'iOS 1.4 (7)', trainVersion: '1.4', platform: 'IOS' },
  ...{ processingState: 'VALID', isExpired: false, isInternalOnly: false },
  ...{ usesNonExemptEncryption: false, detailId: 'd1', isAutoNotified: true, reviewState: null },
  ...{ internal: 'READY_FOR_BETA_TESTING', external: 'READY_FOR_BETA_SUBMISSION' },
  texts: new Map([
    ['en-US', { id: 't1', whatsNew: 'Try the map.' }],
    ['de-DE', { id: 't2', whatsNew: 'Die Karte bitte.' }],
  ]),
};
const FACTS: ReadinessFacts = {
  build: BUILD,
  primaryLocale: 'en-US',
  information: [
    { locale: 'en-US', hasDescription: true, hasFeedbackEmail: true },
    { locale: 'de-DE', hasDescription: true, hasFeedbackEmail: true },
  ],
  review: { missingContact: [], isDemoRequired: false, isDemoComplete: false },
  hasLicence: true,
  inReview: null,
  groups: [{ id: 'g1', name: 'Public', isInternal: false, blocked: [] }],
};
const open = (over: Partial<ReadinessFacts>) =>
  readinessOf({ ...FACTS, ...over }).filter(({ state }) => state !== 'ready');

describe('the checklist', () => {
  it('has nothing open where everything is there', () => {
    expect(open({})).toEqual([]);
    expect(readinessOf(FACTS)).toHaveLength(13);
  });

  const build = (over: Partial<BuildFacts>) => ({ build: { ...BUILD, ...over } });
  it.each<[string, Partial<ReadinessFacts>, [id: string, isRequired: boolean, state: string, mend: unknown]]>(
    [
      ['processing', build({ processingState: 'PROCESSING' }), ['processed', true, 'waiting', null]],
      ['failed', build({ processingState: 'INVALID' }), ['processed', true, 'missing', null]],
      ['internal', build({ isInternalOnly: true }), ['audience', true, 'missing', null]],
      [
        'unanswered',
        build({ usesNonExemptEncryption: null }),
        ['compliance', true, 'missing', { dialog: 'compliance' }],
      ],
      ['taken', { inReview: { id: 'b0', name: 'iOS 1.4 (6)' } }, ['place', true, 'missing', { build: 'b0' }]],
      ['unasked', { inReview: undefined }, ['place', true, 'unknown', null]],
      [
        'no contact',
        { review: { missingContact: ['phone'], isDemoRequired: false, isDemoComplete: false } },
        ['contact', true, 'missing', { information: 'contact' }],
      ],
      [
        'no demo account',
        { review: { missingContact: [], isDemoRequired: true, isDemoComplete: false } },
        ['demo', true, 'missing', { information: 'demo' }],
      ],
      ['no licence', { hasLicence: false }, ['licence', false, 'missing', { information: 'licence' }]],
      [
        'only spaces in the primary language',
        build({ texts: new Map([...BUILD.texts, ['en-US', { id: 't1', whatsNew: ' \n' }]]) }),
        ['notes', false, 'missing', { dialog: 'notes' }],
      ],
      [
        'a language without a text',
        build({ texts: new Map([['en-US', { id: 't1', whatsNew: 'Try the map.' }]]) }),
        ['otherNotes', false, 'missing', { dialog: 'notes' }],
      ],
      [
        'only internal groups',
        { groups: [{ id: 'g1', name: 'Team', isInternal: true, blocked: [] }] },
        ['group', false, 'missing', { dialog: 'groups' }],
      ],
      [
        'a link that admits nobody',
        { groups: [{ id: 'g1', name: 'Public', isInternal: false, blocked: ['The link is full.'] }] },
        ['link', false, 'missing', { group: 'g1' }],
      ],
    ],
  )('names one line: %s', (_, over, [id, isRequired, state, mend]) => {
    expect(open(over)).toMatchObject([{ id, isRequired, state, mend }]);
  });

  it('says in which languages test information is incomplete, and that one feedback e-mail is enough', () => {
    const information = [
      { locale: 'en-US', hasDescription: true, hasFeedbackEmail: true },
      { locale: 'de-DE', hasDescription: false, hasFeedbackEmail: false },
    ];
    expect(open({ information })).toMatchObject([
      { id: 'description', isRequired: true, words: 'Missing in German (Germany).' },
      { id: 'feedbackEmail', isRequired: false, words: 'Missing in German (Germany).' },
    ]);
    const none = information.map((row) => ({ ...row, hasFeedbackEmail: false }));
    expect(open({ information: none })[1]).toMatchObject({ id: 'feedbackEmail', isRequired: true });
    expect(open({ information: [] }).map(({ id }) => id)).toEqual(['description', 'feedbackEmail']);
    expect(open({ information: null }).map(({ id, state }) => [id, state])).toEqual([
      ['description', 'unknown'],
      ['feedbackEmail', 'unknown'],
      ['otherNotes', 'unknown'],
    ]);
  });
});
