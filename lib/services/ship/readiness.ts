import { isolated } from '@/lib/format/isolated';
import { languageName } from '@/lib/format/languages';
import type { BuildFacts } from './facts';
import { judge } from './judge';

/** What a line is mended by: a dialog about the build, a part of the test information, another build, or a group. */
export type Mending =
  | { readonly dialog: 'compliance' | 'groups' | 'notes' }
  | { readonly information: 'languages' | 'contact' | 'demo' | 'licence' }
  | { readonly build: string }
  | { readonly group: string };

/** One thing that a build needs on its way to external testers. */
export interface ReadinessLine {
  readonly id: string;
  /** Whether App Store Connect refuses a submission without it. */
  readonly isRequired: boolean;
  /** `unknown` where it could not be asked. */
  readonly state: 'ready' | 'missing' | 'waiting' | 'unknown';
  readonly title: string;
  /** What is missing, in words; empty where nothing is. */
  readonly words: string;
  readonly mend: Mending | null;
}

/** Test information in one language. */
export interface InformationRow {
  readonly locale: string;
  readonly hasDescription: boolean;
  readonly hasFeedbackEmail: boolean;
}

/** What is known of review's contact and demo account; never what they are. */
export interface ReviewFacts {
  readonly missingContact: readonly string[];
  readonly isDemoRequired: boolean;
  readonly isDemoComplete: boolean;
}

/** A group that has the build, and why its public link admits nobody. */
export interface GroupFacts {
  readonly id: string;
  readonly name: string;
  readonly isInternal: boolean;
  readonly blocked: readonly string[];
}

/** What the checklist is made of; null where App Store Connect could not be asked. */
export interface ReadinessFacts {
  readonly build: BuildFacts;
  readonly primaryLocale: string | null;
  readonly information: readonly InformationRow[] | null;
  readonly review: ReviewFacts | null;
  readonly hasLicence: boolean | null;
  readonly inReview: { readonly id: string; readonly name: string } | null | undefined;
  readonly groups: readonly GroupFacts[];
}

const names = (locales: readonly string[]) => locales.map(languageName).join(', ');

/** The checklist, in the order in which things are done. */
export function readinessOf(facts: ReadinessFacts): ReadinessLine[] {
  return [...ofBuild(facts), ...ofInformation(facts), ...ofTexts(facts), ...ofGroups(facts)];
}

function ofBuild({ build, inReview }: ReadinessFacts): ReadinessLine[] {
  const processed = judge({ step: 'processing' }, { ...build, isExpired: false });
  const isAnswered = build.usesNonExemptEncryption !== null;
  const isInternalOnly = build.isInternalOnly || build.external === 'NOT_APPLICABLE';
  return [
    {
      ...{ id: 'processed', isRequired: true, title: 'Processed', mend: null },
      state: processed.is === 'there' ? 'ready' : processed.is === 'wait' ? 'waiting' : 'missing',
      words: processed.is === 'wait' ? processed.reason : processed.is === 'failed' ? processed.words : '',
    },
    {
      ...{ id: 'audience', isRequired: true, title: 'Made for external testers too', mend: null },
      state: isInternalOnly ? 'missing' : 'ready',
      words: isInternalOnly ? 'It was uploaded for internal testing only. Upload another build.' : '',
    },
    {
      ...{ id: 'compliance', isRequired: true, title: 'Export compliance answered' },
      state: isAnswered ? 'ready' : 'missing',
      words: isAnswered ? '' : 'Until then nobody can test the build.',
      mend: isAnswered ? null : { dialog: 'compliance' },
    },
    {
      ...{ id: 'place', isRequired: true, title: 'No other build of the version in review' },
      state: inReview === undefined ? 'unknown' : inReview ? 'missing' : 'ready',
      words: inReview
        ? `${inReview.name} is with beta review. Apple takes one build of a version at a time: wait, or expire it.`
        : '',
      mend: inReview ? { build: inReview.id } : null,
    },
  ];
}

function ofInformation({ information, review, hasLicence }: ReadinessFacts): ReadinessLine[] {
  const without = (which: (row: InformationRow) => boolean) =>
    (information ?? []).filter((row) => !which(row)).map(({ locale }) => locale);
  const noText = without(({ hasDescription }) => hasDescription);
  const noMail = without(({ hasFeedbackEmail }) => hasFeedbackEmail);
  const isEmpty = information !== null && information.length === 0;
  const line = (
    id: string,
    isRequired: boolean,
    title: string,
    isReady: boolean | null,
    words: string,
    information: 'languages' | 'contact' | 'demo' | 'licence',
  ): ReadinessLine => ({
    ...{ id, isRequired, title },
    state: isReady === null ? 'unknown' : isReady ? 'ready' : 'missing',
    words: isReady === false ? words : '',
    mend: isReady === false ? { information } : null,
  });
  const known = <T>(value: T | null, is: (value: T) => boolean) => (value === null ? null : is(value));
  return [
    line(
      'description',
      true,
      'Description in every language',
      known(information, () => !isEmpty && noText.length === 0),
      isEmpty ? 'There is no test information yet.' : `Missing in ${names(noText)}.`,
      'languages',
    ),
    line(
      'feedbackEmail',
      // One is enough for Apple.
      isEmpty || noMail.length === information?.length,
      'Feedback e-mail in every language',
      known(information, () => !isEmpty && noMail.length === 0),
      isEmpty ? 'There is no test information yet.' : `Missing in ${names(noMail)}.`,
      'languages',
    ),
    line(
      'contact',
      true,
      'Contact for beta review',
      known(review, ({ missingContact }) => missingContact.length === 0),
      `Missing: ${review?.missingContact.join(', ') ?? ''}.`,
      'contact',
    ),
    line(
      'demo',
      true,
      'Demo account, if one is needed',
      known(review, ({ isDemoRequired, isDemoComplete }) => !isDemoRequired || isDemoComplete),
      'Sign-in is required, and the demo account is not complete.',
      'demo',
    ),
    line(
      'licence',
      false,
      'Licence agreement',
      hasLicence,
      'There is none of your own: Apple’s standard agreement holds.',
      'licence',
    ),
  ];
}

function ofTexts({ build, primaryLocale, information }: ReadinessFacts): ReadinessLine[] {
  const has = (locale: string) => (build.texts.get(locale)?.whatsNew ?? '').trim() !== '';
  const mend = { dialog: 'notes' } as const;
  const others = (information ?? [])
    .map(({ locale }) => locale)
    .filter((locale) => locale !== primaryLocale && !has(locale));
  const isPrimary = primaryLocale === null ? null : has(primaryLocale);
  return [
    {
      ...{ id: 'notes', isRequired: false, title: 'What to Test in the primary language' },
      state: isPrimary === null ? 'unknown' : isPrimary ? 'ready' : 'missing',
      words: isPrimary === false && primaryLocale ? `Nothing in ${languageName(primaryLocale)}.` : '',
      mend: isPrimary === false ? mend : null,
    },
    {
      ...{ id: 'otherNotes', isRequired: false, title: 'What to Test in all other languages' },
      state: information === null ? 'unknown' : others.length === 0 ? 'ready' : 'missing',
      words: others.length > 0 ? `Missing in ${names(others)}.` : '',
      mend: others.length > 0 ? mend : null,
    },
  ];
}

function ofGroups({ groups }: ReadinessFacts): ReadinessLine[] {
  const external = groups.filter(({ isInternal }) => !isInternal);
  const blocked = external.find(({ blocked: reasons }) => reasons.length > 0);
  return [
    {
      ...{ id: 'group', isRequired: false, title: 'In a group of external testers' },
      state: external.length > 0 ? 'ready' : 'missing',
      words: external.length > 0 ? '' : 'Nobody outside the team gets it once it is approved.',
      mend: external.length > 0 ? null : { dialog: 'groups' },
    },
    {
      ...{ id: 'link', isRequired: false, title: 'Public links admit somebody' },
      state: blocked ? 'missing' : 'ready',
      words: blocked ? `“${isolated(blocked.name)}”: ${blocked.blocked.join(' ')}` : '',
      mend: blocked ? { group: blocked.id } : null,
    },
  ];
}
