import { z } from 'zod';
import { triageTarget as target } from './triage-body';

const id = z.string().min(1).max(200);
const MOST_VARIANTS = 200;

/** Which reports go where, by hand. */
export const placingBody = z.discriminatedUnion('do', [
  /** Everything of some issues goes into another one. */
  z.strictObject({ do: z.literal('merge'), into: id, target }),
  /** Some ways into an issue become one of their own. */
  z.strictObject({
    do: z.literal('split'),
    issueId: id,
    variants: z.array(id).min(1, 'Choose at least one way.').max(MOST_VARIANTS),
  }),
  /** Reports are put into a crash issue. */
  z.strictObject({ do: z.literal('attach'), issueId: id, target }),
  /** Reports are taken out of the issue they are in. */
  z.strictObject({ do: z.literal('takeOut'), target }),
]);
export type PlacingBody = z.infer<typeof placingBody>;
