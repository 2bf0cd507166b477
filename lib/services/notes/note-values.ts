import { authorise } from '@/lib/access/policy';
import { buildWords } from '@/lib/format/builds';
import type { NoteValues } from '@/lib/format/note-variables';
import { resolveAccount } from '@/lib/mirror/query';
import { shape } from '@/lib/store/shape';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';
import { programmeNow } from '../programme-time';

interface Which {
  readonly accountId: string;
  readonly id: string;
}

const facts = shape((build, { accountId, id }: Which) =>
  build
    .selectFrom('builds')
    .select(['appId', 'version', 'trainVersion', 'platform', 'uploadedDate'])
    .where('accountId', '=', accountId)
    .where('id', '=', id),
);

type Place = Which & { readonly appId: string; readonly platform: string; readonly uploadedDate: string };

const before = shape((build, { accountId, id, appId, platform, uploadedDate }: Place) =>
  build
    .selectFrom('builds')
    .select(['version', 'trainVersion'])
    .where('accountId', '=', accountId)
    .where('appId', '=', appId)
    .where('platform', '=', platform)
    .where('processingState', '=', 'VALID')
    .where('id', '<>', id)
    .where('uploadedDate', '<', uploadedDate)
    .orderBy('uploadedDate', 'desc')
    .limit(1),
);

/** What the variables of templates are for a build: the one before it is of the same app and platform. */
export async function noteValues(
  ctx: Ctx,
  { id, accountId: named }: { readonly id: string; readonly accountId?: string | undefined },
): Promise<NoteValues> {
  authorise(ctx.actor, 'programme:read');
  const accountId = (await resolveAccount(ctx.db, 'builds', id, { accountId: named }))?.accountId;
  const values = accountId === undefined ? null : await valuesOf(ctx, { accountId, id });
  if (values === null) throw notFound('There is no such build, or not any more.');
  return values;
}

/** The same for a build that whoever asks may see; null when it is not here. */
export async function valuesOf(
  ctx: Pick<Ctx, 'db' | 'clock' | 'shiftMs'>,
  { accountId, id }: Which,
): Promise<NoteValues | null> {
  const [row] = await ctx.db.read(facts({ accountId, id }));
  if (row === undefined) return null;
  const { appId, platform, uploadedDate } = row;
  const [previous] =
    platform === null || uploadedDate === null
      ? []
      : await ctx.db.read(before({ accountId, id, appId, platform, uploadedDate }));
  return {
    version: row.trainVersion,
    build: row.version,
    previous: previous ? buildWords(previous) : null,
    at: programmeNow(ctx),
  };
}
