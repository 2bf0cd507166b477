import { z } from 'zod';

const days = z.int().min(1).max(365);

/** What makes a tester one to prune: every condition given must hold. Protected testers are never pruned. */
export const pruneRules = z
  .strictObject({
    /** No session in so many days. */
    noSessionDays: days.exactOptional(),
    /** Never sent feedback of either kind. */
    noFeedbackEver: z.boolean().exactOptional(),
    /** Invited more than so many days ago. */
    invitedBeforeDays: days.exactOptional(),
    /** What to do with people whose invitation Flightdeck has not seen: Apple gives no date. Default `keep`. */
    unknownInvitation: z.enum(['keep', 'prune']).exactOptional(),
    /** Apple's `state`, any of these. */
    states: z.array(z.string().min(1)).min(1).exactOptional(),
    /** Member of any of these groups. */
    groupIds: z.array(z.string().min(1)).min(1).exactOptional(),
    /** EMAIL or PUBLIC_LINK. */
    inviteTypes: z.array(z.string().min(1)).min(1).exactOptional(),
    /** Has installed no build, as far as Apple tells. */
    neverInstalled: z.boolean().exactOptional(),
    /** Not one of these tags. */
    withoutTags: z.array(z.string().min(1)).min(1).exactOptional(),
  })
  .refine((rules) => isRestrictive(rules), 'Choose at least one rule, or every tester would be removed.');

export type PruneRules = z.infer<typeof pruneRules>;

/** Inclusion by tag or group alone says who, not why: at least one reason must be about the person's activity. */
function isRestrictive(rules: Record<string, unknown>): boolean {
  return [
    'noSessionDays',
    'noFeedbackEver',
    'invitedBeforeDays',
    'states',
    'neverInstalled',
    'groupIds',
    'inviteTypes',
  ].some((name) => rules[name] !== undefined && rules[name] !== false);
}
