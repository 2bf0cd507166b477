import { z } from 'zod';
import {
  deviceFilters,
  localeCode,
  nullableEmail,
  nullableText,
  publicLinkLimit,
  requiredText,
  webUrl,
} from '@/lib/asc/catalogue/bodies';
import { TEXT_LIMIT } from '@/lib/asc/catalogue/limits';
import { ALERT_KIND_NAMES, type AlertKind } from '@/lib/format/alerts';
import { alertRuleBody } from '../alerting/body';
import { circlesIn } from './group-names';

/** The version of the format that is written, and the only one that is read. */
export const FILE_VERSION = 1;

const groupName = z.string().trim().min(1, 'Enter a name.').max(255, 'A name has at most 255 characters.');

const everyGroup = {
  name: groupName.describe('What the group is called. It is found by this name.'),
  previousName: groupName
    .exactOptional()
    .describe('What the group was called before: one of this name is renamed, and keeps its testers.'),
  feedbackEnabled: z.boolean().exactOptional().describe('Whether testers can send feedback.'),
  iosBuildsAvailableForAppleSiliconMac: z
    .boolean()
    .exactOptional()
    .describe('Whether iOS builds can be tested on a Mac.'),
  iosBuildsAvailableForAppleVision: z
    .boolean()
    .exactOptional()
    .describe('Whether iOS builds can be tested on Apple Vision.'),
};

const internalGroup = z.strictObject({
  ...everyGroup,
  isInternalGroup: z.literal(true).describe('True for a group of the team.'),
  hasAccessToAllBuilds: z
    .boolean()
    .exactOptional()
    .describe('Whether every build goes to the group by itself. Fixed once the group is made.'),
});

const { deviceFamily, minimumOsInclusive, maximumOsInclusive } = deviceFilters.element.shape;
const device = z.strictObject({
  deviceFamily: deviceFamily.describe('The kind of device, by App Store Connect’s word.'),
  minimumOsInclusive: minimumOsInclusive.describe(
    'The oldest system that may join, in quotes, such as "17.0".',
  ),
  maximumOsInclusive: maximumOsInclusive.describe('The newest system that may join, in quotes.'),
});

const externalGroup = z.strictObject({
  ...everyGroup,
  isInternalGroup: z.literal(false).describe('False for a group of testers from outside.'),
  publicLinkEnabled: z.boolean().exactOptional().describe('Whether the public link lets people in.'),
  publicLinkLimit: publicLinkLimit
    .exactOptional()
    .describe('How many may join by the public link; null for as many as Apple takes.'),
  criteria: z
    .array(device)
    .exactOptional()
    .describe('Devices that may join by the public link; an empty list lets all in.'),
});

const group = z.discriminatedUnion('isInternalGroup', [internalGroup, externalGroup]);

const localization = z.strictObject({
  description: nullableText(TEXT_LIMIT).exactOptional().describe('What testers read before they install.'),
  feedbackEmail: nullableEmail.exactOptional().describe('The address that answers of testers go to.'),
  marketingUrl: nullableText(2048).exactOptional().describe('The marketing address.'),
  privacyPolicyUrl: nullableText(2048).exactOptional().describe('The address of the privacy policy.'),
  tvOsPrivacyPolicy: nullableText().exactOptional().describe('The privacy policy for Apple TV, as text.'),
});

const review = z.strictObject({
  contactFirstName: nullableText()
    .exactOptional()
    .describe('First name of whom beta review calls. Written only on request.'),
  contactLastName: nullableText().exactOptional().describe('Last name of the contact.'),
  contactPhone: nullableText().exactOptional().describe('Telephone number of the contact.'),
  contactEmail: nullableEmail.exactOptional().describe('E-mail address of the contact.'),
  demoAccountRequired: z.boolean().exactOptional().describe('Whether reviewers have to sign in.'),
  demoAccountName: nullableText()
    .exactOptional()
    .describe('User name of the demo account. Its password is never in the file.'),
  notes: nullableText(TEXT_LIMIT).exactOptional().describe('What beta review has to know.'),
});

const testInformation = z.strictObject({
  localizations: z
    .record(localeCode, localization)
    .exactOptional()
    .describe('What testers read, by language code, such as en-US.'),
  review: review.exactOptional().describe('What beta review is told.'),
  agreementText: nullableText()
    .exactOptional()
    .describe('The licence agreement; null where Apple’s standard agreement applies.'),
});

const invocation = z.strictObject({
  url: webUrl.describe('The address that opens the App Clip.'),
  titles: z
    .record(localeCode, requiredText('title'))
    .refine((titles) => Object.keys(titles).length > 0, 'An address needs a title in at least one language.')
    .describe('What testers see, by language code.'),
});

const alert = z
  .strictObject({
    kind: z
      .enum(ALERT_KIND_NAMES as [AlertKind, ...AlertKind[]])
      .describe('What to be told of: a kind of alert.'),
    threshold: z.int().exactOptional().describe('Days, percent or reports, for kinds that have a figure.'),
    least: z.int().exactOptional().describe('How many sessions it takes, for kinds that judge sessions.'),
    channels: z
      .array(z.string().min(1))
      .min(1, 'Choose at least one channel.')
      .max(20)
      .describe('Where it is told: bell, mail, or the name of a messenger of the team.'),
    isEnabled: z.boolean().exactOptional().describe('False for one that is switched off.'),
  })
  .superRefine(({ kind, threshold = null, least = null, channels, isEnabled = true }, check) => {
    const rule = alertRuleBody.safeParse({ kind, threshold, least, channels, isEnabled, app: null });
    for (const { path, message } of rule.error?.issues ?? [])
      check.addIssue({ code: 'custom', path: [...path], message });
  });

/** A programme as a file holds it. What is left out is left alone; a list that is there is the whole of it. */
export const programmeFile = z
  .strictObject({
    version: z.literal(FILE_VERSION).describe('The version of the format.'),
    app: z
      .string()
      .exactOptional()
      .describe('The app it was taken from: for people, nothing is done with it.'),
    groups: z
      .array(group)
      .max(500, 'At most 500 groups.')
      .superRefine((groups, check) => {
        for (const { at, words } of circlesIn(groups))
          check.addIssue({ code: 'custom', path: [at, 'previousName'], message: words });
      })
      .exactOptional()
      .describe('The groups of the app.'),
    testInformation: testInformation.exactOptional().describe('What testers and beta review are told.'),
    appClipInvocations: z
      .array(invocation)
      .exactOptional()
      .describe('The addresses that testers of the App Clip are offered, for the newest build with one.'),
    alerts: z
      .array(alert)
      .max(100, 'At most 100 alerts.')
      .exactOptional()
      .describe('What whoever takes the file out, or applies it, is told of the app.'),
  })
  .describe('A TestFlight programme as Flightdeck writes and reads it.');

export type ProgrammeFile = z.infer<typeof programmeFile>;
export type GroupInFile = z.infer<typeof group>;
export type ReviewInFile = z.infer<typeof review>;
export type LocalizationInFile = z.infer<typeof localization>;
export type AlertInFile = z.infer<typeof alert>;
export type InvocationInFile = z.infer<typeof invocation>;

/** What is personal of the contact for beta review: in the file only where somebody asked for it. */
export const CONTACT_FIELDS = [
  'contactFirstName',
  'contactLastName',
  'contactPhone',
  'contactEmail',
] as const;

/** The format as a JSON schema, which editors check and complete a file by. */
export function fileSchema(): object {
  return {
    ...z.toJSONSchema(programmeFile, { io: 'input', target: 'draft-7' }),
    title: 'Flightdeck programme',
  };
}
