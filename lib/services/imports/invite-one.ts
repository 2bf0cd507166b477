import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { appOf, buildNames, groupsOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { readAddress } from './csv/address';
import { knownTesters } from './known-testers';
import { type PlannedRow, planPerson } from './plan';

/** Somebody to be invited alone, as typed so far. */
export const inviteBody = z.strictObject({
  appId: z.string().min(1),
  accountId: z.string().min(1).exactOptional(),
  email: z.string().max(1000),
  firstName: z.string().max(1000).default(''),
  lastName: z.string().max(1000).default(''),
  groupIds: z.array(z.string().min(1)).max(100).default([]),
  buildIds: z.array(z.string().min(1)).max(20).default([]),
  /** Which of several testers of the address is meant. */
  testerId: z.string().min(1).exactOptional(),
  /** What was decided about a name that looks broken. */
  name: z.enum(['keep', 'drop']).exactOptional(),
});

/** What is known of the address in the app, whatever was chosen. */
export interface KnownHere {
  readonly testerId: string;
  readonly state: string | null;
  readonly groups: readonly {
    readonly id: string;
    readonly name: string;
    readonly isInternalGroup: boolean;
  }[];
}

export interface InvitePreview {
  /** What an import would do with a row like this; two where the groups belong to two records of the address. */
  readonly rows: readonly PlannedRow[];
  /** The testers of this address that the app has already. */
  readonly known: readonly KnownHere[];
  /** When somebody of this address was last removed here; ISO text. */
  readonly removedAt: string | null;
}

/** What inviting one person would do, by the same plan as an import; nothing is sent. */
export async function previewInvite(ctx: Ctx, body: z.infer<typeof inviteBody>): Promise<InvitePreview> {
  authorise(ctx.actor, 'testers:write');
  const app = await appOf(ctx, body.appId, body.accountId);
  const groups = await groupsOf(ctx, app);
  const address = readAddress(body.email.trim());
  const key = address.ok ? address.key : '';
  const known = await knownTesters(ctx, app, [key]);
  const names = await buildNames(ctx, app, body.buildIds);
  const rows = planPerson(
    {
      id: '1',
      line: 1,
      firstName: body.firstName.trim(),
      lastName: body.lastName.trim(),
      address,
      problem: null,
      groupsCell: '',
      groupIdsCell: '',
      note: null,
    },
    {
      groups,
      defaultGroupIds: body.groupIds,
      builds: body.buildIds.flatMap((id) => ({ id, name: names.get(id) ?? id })),
      known,
      records: body.testerId === undefined ? undefined : { [key]: body.testerId },
      names: body.name === undefined ? undefined : { '*': body.name },
    },
  );
  const groupOf = new Map(groups.map((group) => [group.id, group]));
  return {
    rows,
    known: (known.get(key) ?? []).map(({ testerId, state, groupIds }) => ({
      testerId,
      state,
      groups: groupIds.flatMap((id) => {
        const group = groupOf.get(id);
        return group ? [{ id, name: group.name, isInternalGroup: group.isInternalGroup }] : [];
      }),
    })),
    removedAt: await removedAt(ctx, app, key),
  };
}

async function removedAt(
  ctx: Ctx,
  { accountId, appId }: { readonly accountId: string; readonly appId: string },
  key: string,
): Promise<string | null> {
  if (key === '') return null;
  const [row] = await ctx.db.read(
    ctx.db.build
      .selectFrom('testerEvents')
      .select(({ fn }) => fn.max('at').as('at'))
      .where('accountId', '=', accountId)
      .where('appId', '=', appId)
      .where('emailLower', '=', key)
      .where('kind', 'in', ['removed', 'left']),
  );
  return row?.at ? new Date(row.at).toISOString() : null;
}
