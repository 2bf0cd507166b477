import { z } from 'zod';
import { ALERT_KIND_NAMES, type AlertKind, alertWords } from '@/lib/format/alerts';

const id = z.string().min(1).max(200);

/** What a rule says, without who wants it. */
export const alertRuleBody = z
  .strictObject({
    kind: z.enum(ALERT_KIND_NAMES as [AlertKind, ...AlertKind[]], 'Choose what to be told of.'),
    /** The one app it is for; null for all. */
    app: z.strictObject({ appId: id, accountId: id.exactOptional() }).nullable(),
    /** Null for kinds that have none. */
    threshold: z.int('Write a whole number.').nullable(),
    least: z.int('Write a whole number.').nullable(),
    channels: z
      .array(id)
      .min(1, 'Choose at least one channel.')
      .max(20)
      .transform((all) => [...new Set(all)]),
    isEnabled: z.boolean(),
    /** Of a rule that is changed: the version that was seen. */
    version: z.int().exactOptional(),
  })
  .superRefine(({ kind, threshold, least }, check) => {
    const { threshold: wanted, sessions } = alertWords(kind);
    for (const [name, value, figure] of [
      ['threshold', threshold, wanted],
      ['least', least, sessions],
    ] as const) {
      if (
        figure === undefined
          ? value === null
          : value !== null && value >= figure.least && value <= figure.most
      )
        continue;
      check.addIssue({
        ...{ code: 'custom', path: [name] },
        message:
          figure === undefined
            ? 'This rule has no such figure.'
            : `Write a number from ${figure.least} to ${figure.most}.`,
      });
    }
  });
export type AlertRuleBody = z.infer<typeof alertRuleBody>;
