import { z } from 'zod';
import { localeCode, whatsNew } from '@/lib/asc/catalogue/bodies';
import { nextTime } from '@/lib/format/next-time';

/** When testers are to be told, once the build may be given to them. */
export const notifyWords = z
  .string()
  .refine(
    isNotify,
    'Say “now”, “none”, a time with its zone such as 2026-12-01T09:00+01:00, or a day and time such as “Tuesday 09:00 Europe/Berlin”.',
  );

function isNotify(words: string): boolean {
  return words === 'now' || words === 'none' || nextTime(words, 0) !== null;
}

const WEEK_MINUTES = 7 * 24 * 60;

const text = whatsNew.refine((words) => words.trim() !== '', 'The text is empty or of spaces only.');

/** Whom the second stage mails: what App Store Connect mails by itself for its groups, nobody, or everybody of the build. */
export const SECOND_MAILS = ['group', 'nobody', 'everybody'] as const;
export type SecondMail = (typeof SECOND_MAILS)[number];

const MOST_HOURS = 30 * 24;

/** Groups that get the build later, when it has proved itself. */
const stagedInput = z.strictObject({
  groups: z
    .array(z.string().min(1))
    .min(1, 'Say which groups come second.')
    .max(50, 'At most 50 groups at once.'),
  crashFree: z
    .number()
    .min(1)
    .max(100, 'Crash-free sessions are a percentage: at most 100.')
    .refine(
      (percent) => Math.abs(percent * 10 - Math.round(percent * 10)) < 1e-6,
      'A percentage has at most one decimal.',
    ),
  hours: z.int().min(1, 'At least one hour.').max(MOST_HOURS, 'At most 720 hours.'),
  sessions: z.int().min(1, 'At least one new session.').max(1_000_000),
  mail: z.enum(SECOND_MAILS).exactOptional(),
});

/** What is to be done with a build from its upload to its testers. */
export const shipInput = z.strictObject({
  build: z.string().min(1, 'Say which build: its id, or version/number/platform such as 1.4/7/IOS.'),
  groups: z.array(z.string().min(1)).max(50, 'At most 50 groups at once.').exactOptional(),
  /** By language, or one text for the app's primary language. */
  notes: z.union([text, z.record(localeCode, text)]).exactOptional(),
  /** Left out, a build whose answer is missing stops the job. */
  compliance: z
    .strictObject({ usesNonExemptEncryption: z.literal(false) })
    .or(z.strictObject({ declarationId: z.string().min(1) }))
    .exactOptional(),
  submit: z.boolean().exactOptional(),
  notify: notifyWords.exactOptional(),
  staged: stagedInput.exactOptional(),
  /** How long each wait for App Store Connect may last. */
  timeoutMinutes: z
    .int()
    .min(1)
    .max(90 * 24 * 60)
    .exactOptional(),
});
export type ShipInput = z.infer<typeof shipInput>;

export const timeoutMs = ({ timeoutMinutes = WEEK_MINUTES }: Pick<ShipInput, 'timeoutMinutes'>): number =>
  timeoutMinutes * 60_000;
