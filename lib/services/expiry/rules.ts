import { z } from 'zod';

const days = z.int().min(1, 'At least one day.').max(3_650, 'At most ten years.');

/** What makes a build one to expire: all that is named has to be so. */
export const expiryRules = z
  .strictObject({
    /** Uploaded before so many days. */
    olderThanDays: days.exactOptional(),
    /** A newer build of the same version and platform can be tested. */
    isSuperseded: z.literal(true).exactOptional(),
    /** No group gets it, and no tester has it one by one. */
    inNoGroup: z.literal(true).exactOptional(),
    /** Our readings of its installations show no new one for so many days. */
    installsUnchangedDays: days.exactOptional(),
  })
  .refine((rules) => Object.keys(rules).length > 0, 'Name at least one rule.');
export type ExpiryRules = z.infer<typeof expiryRules>;

/** Which builds are expired: those that the rules name, and those that are named one by one. */
export const expireBuildsInput = z
  .strictObject({
    rules: expiryRules.exactOptional(),
    /** By Apple's id or version/number/platform. */
    builds: z.array(z.string().min(1)).min(1, 'Name at least one build.').max(500).exactOptional(),
    /** Ids that stay, whatever the rules say. */
    except: z.array(z.string().min(1)).max(5_000).exactOptional(),
    /** How many builds are expired, as a dry run says; not for a dry run. */
    confirm: z.int().exactOptional(),
    /** Of the preview or the dry run that was looked at: where rules would name other builds by now, nothing is done. */
    plan: z.string().exactOptional(),
  })
  .refine(({ rules, builds }) => rules !== undefined || builds !== undefined, 'Name rules or builds.');
export type ExpireBuildsInput = z.infer<typeof expireBuildsInput>;
