import type { AlertKind } from '@/lib/format/alerts';
import { isRecord } from '@/lib/mirror/resource';
import {
  type AlertInFile,
  CONTACT_FIELDS,
  FILE_VERSION,
  type GroupInFile,
  type ProgrammeFile,
  type ReviewInFile,
} from './file';

/** Devices of criteria, as App Store Connect has them. */
export type Filters = NonNullable<Extract<GroupInFile, { isInternalGroup: false }>['criteria']>;

/** A group as App Store Connect has it. */
export interface LiveGroup {
  readonly id: string;
  readonly name: string;
  readonly isInternalGroup: boolean;
  readonly hasAccessToAllBuilds: boolean;
  readonly feedbackEnabled: boolean;
  readonly publicLinkEnabled: boolean;
  /** Null where no limit is on. */
  readonly publicLinkLimit: number | null;
  readonly iosBuildsAvailableForAppleSiliconMac: boolean;
  readonly iosBuildsAvailableForAppleVision: boolean;
  readonly criteria: { readonly id: string; readonly filters: Filters } | null;
  readonly testers: number;
  readonly builds: number;
}

/** Texts by their name at App Store Connect; null for what is empty. */
export type Texts = Readonly<Record<string, string | boolean | null>>;

export interface LiveTexts {
  readonly id: string;
  readonly values: Texts;
}

export interface LiveInvocation {
  readonly id: string;
  readonly url: string;
  readonly titles: readonly { readonly id: string; readonly locale: string; readonly title: string }[];
}

/** An alert of somebody about the app; channels by the words of a file. */
export interface LiveAlert {
  readonly id: string;
  readonly version: number;
  readonly kind: AlertKind;
  readonly threshold: number | null;
  readonly least: number | null;
  readonly channels: readonly string[];
  readonly isEnabled: boolean;
}

/** What a file can say of an app, as App Store Connect has it now; the alerts are our own. */
export interface Programme {
  readonly groups: readonly LiveGroup[];
  /** The versions that criteria may name, by device; null where they were not asked for, or not told. */
  readonly offered:
    | readonly { readonly deviceFamily: string; readonly osVersions: readonly string[] }[]
    | null;
  readonly localizations: readonly (LiveTexts & { readonly locale: string })[];
  readonly primaryLocale: string | null;
  readonly review: LiveTexts | null;
  readonly agreement: LiveTexts | null;
  /** The newest build with an App Clip; null where there is none. */
  readonly clip: {
    readonly build: string;
    readonly bundleIds: readonly string[];
    readonly invocations: readonly LiveInvocation[];
  } | null;
  /** Those of whoever asks, with the channels they may name; null for a machine, which has none. */
  readonly alerts: {
    readonly rules: readonly LiveAlert[];
    readonly channels: readonly { readonly channel: string; readonly word: string }[];
  } | null;
}

export const LANGUAGE_FIELDS = [
  'description',
  'feedbackEmail',
  'marketingUrl',
  'privacyPolicyUrl',
  'tvOsPrivacyPolicy',
] as const;
export const REVIEW_FIELDS = [...CONTACT_FIELDS, 'demoAccountRequired', 'demoAccountName', 'notes'] as const;

const PERSONAL: ReadonlySet<string> = new Set(CONTACT_FIELDS);

/** Whether a value is about the person whom beta review calls. */
export function isPersonal(field: string): boolean {
  return PERSONAL.has(field);
}

/** A text as it is compared and sent: without what only an editor put at its end; null for an empty one. */
export function plainText(value: string | boolean | null | undefined): string | boolean | null {
  if (typeof value !== 'string') return value ?? null;
  return value.replace(/\r\n?/g, '\n').trimEnd() || null;
}

/** Criteria in an order that stays the same, without what Apple leaves empty. */
export function filtersOf(given: unknown): Filters {
  if (!Array.isArray(given)) return [];
  const filters = given.filter(isRecord).map((one) => {
    const { deviceFamily, minimumOsInclusive, maximumOsInclusive } = one;
    return Object.fromEntries(
      Object.entries({ deviceFamily, minimumOsInclusive, maximumOsInclusive }).filter(
        ([, value]) => typeof value === 'string',
      ),
    ) as Filters[number];
  });
  return filters.toSorted((a, b) => ((a.deviceFamily ?? '') < (b.deviceFamily ?? '') ? -1 : 1));
}

/** A programme as a file holds it, in an order that stays the same. */
export function fileOf(
  programme: Omit<Programme, 'offered'>,
  { app, hasPersonalData }: { readonly app: string; readonly hasPersonalData: boolean },
): ProgrammeFile {
  const { groups, localizations, review, agreement, clip, alerts } = programme;
  const reviewFields = REVIEW_FIELDS.filter((name) => hasPersonalData || !PERSONAL.has(name));
  return {
    version: FILE_VERSION,
    app,
    groups: groups.toSorted(inOrder).map(groupOf),
    testInformation: {
      localizations: Object.fromEntries(
        localizations
          .toSorted((a, b) => compare(a.locale, b.locale))
          .map(({ locale, values }) => [locale, only(values, LANGUAGE_FIELDS)]),
      ),
      ...(review ? { review: only(review.values, reviewFields) as ReviewInFile } : {}),
      ...(agreement ? { agreementText: (agreement.values.agreementText ?? null) as string | null } : {}),
    },
    ...(clip
      ? {
          appClipInvocations: clip.invocations
            .toSorted((a, b) => compare(a.url, b.url))
            .map(({ url, titles }) => ({
              url,
              titles: Object.fromEntries(
                titles
                  .toSorted((a, b) => compare(a.locale, b.locale))
                  .map(({ locale, title }) => [locale, title]),
              ),
            })),
        }
      : {}),
    ...(alerts && alerts.rules.length > 0 ? { alerts: alerts.rules.map(alertOf) } : {}),
  };
}

function alertOf({ kind, threshold, least, channels, isEnabled }: LiveAlert): AlertInFile {
  return {
    kind,
    ...(threshold === null ? {} : { threshold }),
    ...(least === null ? {} : { least }),
    channels: [...channels],
    ...(isEnabled ? {} : { isEnabled }),
  };
}

/** Internal groups first, as App Store Connect wants one before it takes an external one. */
function inOrder(one: LiveGroup, other: LiveGroup): number {
  return Number(other.isInternalGroup) - Number(one.isInternalGroup) || compare(one.name, other.name);
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

function groupOf(group: LiveGroup): GroupInFile {
  const { name, feedbackEnabled, iosBuildsAvailableForAppleSiliconMac, iosBuildsAvailableForAppleVision } =
    group;
  const common = { feedbackEnabled, iosBuildsAvailableForAppleSiliconMac, iosBuildsAvailableForAppleVision };
  if (group.isInternalGroup)
    return { name, isInternalGroup: true, hasAccessToAllBuilds: group.hasAccessToAllBuilds, ...common };
  const { publicLinkEnabled, publicLinkLimit, criteria } = group;
  const link = { publicLinkEnabled, publicLinkLimit, criteria: [...(criteria?.filters ?? [])] };
  return { name, isInternalGroup: false, ...link, ...common };
}

function only(values: Texts, names: readonly string[]): Record<string, never> {
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null])) as Record<string, never>;
}
