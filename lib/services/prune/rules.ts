import { z } from 'zod';

const days = z.int().min(1).max(365);

/** How long nobody is pruned after an invitation when the rules do not say otherwise, days. */
export const USUAL_GRACE_DAYS = 30;

/** What makes a tester one to prune: every condition given must hold. Protected testers are never pruned. */
export const pruneRules = z
  .strictObject({
    /** No session in so many days. */
    noSessionDays: days.exactOptional(),
    /** Never sent feedback of either kind. */
    noFeedbackEver: z.boolean().exactOptional(),
    /** The grace period: invited at least so many days ago; 0 is none. Absent: USUAL_GRACE_DAYS. */
    invitedBeforeDays: days.or(z.literal(0)).exactOptional(),
    /**
     * What to do with people who were there before Flightdeck was, when that may be within the grace period: Apple
     * gives no date of invitation. Default `keep`.
     */
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
  ].some((name) => rules[name] !== undefined && rules[name] !== false && rules[name] !== 0);
}
