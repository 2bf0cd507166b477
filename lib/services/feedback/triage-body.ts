import { z } from 'zod';

const id = z.string().min(1).max(200);
/** A label's name. A comma would end it in filters. */
export const label = z
  .string()
  .trim()
  .transform((text) => text.replace(/\s+/g, ' '))
  .pipe(z.string().min(1, 'A label needs a name.').max(40, 'A label has at most 40 characters.'))
  .refine((text) => !text.includes(','), 'A label cannot hold a comma.');

const MOST = 20_000;

/** Which issues: by their reports, by themselves, or all that a list matches but for some. */
export const triageTarget = z.union([
  z.strictObject({
    reports: z
      .array(z.strictObject({ id, accountId: id.exactOptional() }))
      .min(1, 'Choose at least one report.')
      .max(MOST),
  }),
  z.strictObject({ issues: z.array(id).min(1, 'Choose at least one issue.').max(MOST) }),
  z.strictObject({
    matching: z.strictObject({ type: z.enum(['feedback', 'issues']), query: z.string().max(60_000) }),
  }),
]);
export type TriageTarget = z.infer<typeof triageTarget>;

const status = z.enum(['new', 'triaged', 'inProgress', 'resolved', 'wontFix', 'duplicate']);
const link = z
  .url({ protocol: /^https$/, error: 'A link begins with https://.' })
  .max(2000, 'A link has at most 2,000 characters.');

/** What is to become of them; what is left out stays. */
const change = z
  .strictObject({
    status: status.exactOptional(),
    /** With `resolved`: the build in which it is. */
    buildId: id.exactOptional(),
    /** With `duplicate`: of which issue. */
    duplicateOf: id.exactOptional(),
    /** `me` is who asks; null for nobody. */
    assigneeId: id.nullable().exactOptional(),
    priority: z.int().min(0).max(4).exactOptional(),
    addLabels: z.array(label).max(20).exactOptional(),
    removeLabels: z.array(label).max(20).exactOptional(),
    /** ISO text, or until a newer build; null wakes it. */
    snooze: z
      .union([z.iso.datetime({ offset: true }), z.literal('nextBuild')])
      .nullable()
      .exactOptional(),
    /** An address of a tracker; null takes it away. */
    link: link.nullable().exactOptional(),
  })
  .refine((given) => Object.keys(given).length > 0, 'Say what is to change.')
  .refine(
    ({ status: to, buildId }) => buildId === undefined || to === 'resolved',
    'A build belongs to what is resolved.',
  )
  .refine(
    ({ status: to, duplicateOf }) => (duplicateOf === undefined) === (to !== 'duplicate'),
    'A duplicate needs the issue that it is one of.',
  );
export type TriageChange = z.infer<typeof change>;

export const triageBody = z.strictObject({
  target: triageTarget,
  change,
  /** What the person saw before, of what is changed: somebody else's change is then not overwritten. */
  expect: z
    .strictObject({
      status: z.string().exactOptional(),
      assigneeId: z.string().nullable().exactOptional(),
      priority: z.int().exactOptional(),
      link: z.string().nullable().exactOptional(),
    })
    .exactOptional(),
});
export type TriageBody = z.infer<typeof triageBody>;
