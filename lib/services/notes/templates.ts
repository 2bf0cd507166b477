import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authorise, ownerOf } from '@/lib/access/policy';
import { localeCode } from '@/lib/asc/catalogue/bodies';
import { TEXT_LIMIT } from '@/lib/asc/catalogue/limits';
import { StaleWriteError } from '@/lib/store/errors';
import { exactly } from '@/lib/store/store';
import { type AppFacts, appOf } from '../app-facts';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { conflict, notFound } from '../errors';

const texts = z
  .record(
    localeCode,
    z
      .string()
      .max(TEXT_LIMIT, `A text has at most ${TEXT_LIMIT.toLocaleString('en')} characters.`)
      .refine((text) => text.trim() !== '', 'The text is empty or of spaces only.'),
  )
  .refine((given) => Object.keys(given).length > 0, 'Write at least one text.')
  .refine((given) => Object.keys(given).length <= 60, 'At most 60 languages.');

/** What variables become is checked for each build, when it is filled in. */
export const templateBody = z.strictObject({
  name: z.string().trim().min(1, 'Give it a name.').max(80, 'A name has at most 80 characters.'),
  texts,
  /** Of one that is changed: the version that was seen. */
  version: z.int().exactOptional(),
});
type TemplateBody = z.infer<typeof templateBody>;

/** A text of What to Test to begin with, by language. */
export interface NoteTemplateView {
  readonly id: string;
  readonly name: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly version: number;
}

export interface TemplatePlace {
  readonly appId: string;
  readonly accountId: string | undefined;
}

/** The templates of an app, by name. @throws RefusedError 404 when there is no such app */
export async function listTemplates(ctx: Ctx, place: TemplatePlace): Promise<NoteTemplateView[]> {
  authorise(ctx.actor, 'programme:read');
  const { accountId, appId } = await appOf(ctx, place.appId, place.accountId);
  const rows = await ctx.db.prisma.noteTemplate.findMany({ where: { accountId, appId } });
  return rows.map(viewOf).toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

/** Keeps a template for everybody who writes for the app. */
export async function addTemplate(
  ctx: Ctx,
  place: TemplatePlace,
  { version: _, ...given }: TemplateBody,
): Promise<{ id: string }> {
  authorise(ctx.actor, 'programme:write');
  const { accountId, appId } = await appOf(ctx, place.appId, place.accountId);
  const [id, now, owner] = [randomUUID(), ctx.clock.now(), ownerOf(ctx.actor)];
  const draft = { accountId, appId, type: 'noteTemplates', resourceId: id, label: given.name };
  return audited(ctx, { ...draft, action: 'create', requested: given }, async () => ({
    result: { id },
    after: given,
    statements: [
      ctx.db.build.insertInto('noteTemplates').values({
        ...{ id, accountId, appId, name: given.name, texts: JSON.stringify(given.texts) },
        ...{ createdAt: now, createdBy: owner, updatedAt: now, updatedBy: owner },
      }),
    ],
  }));
}

/** Changes one as it was seen. @throws RefusedError 404, 409 where somebody was faster */
export async function changeTemplate(ctx: Ctx, id: string, given: TemplateBody): Promise<{ id: string }> {
  authorise(ctx.actor, 'programme:write');
  const { version, ...wanted } = given;
  const row = await templateRow(ctx, id);
  if (row.version !== version) throw stale();
  const { name, texts: before } = viewOf(row);
  const draft = { ...placeOf(row), type: 'noteTemplates', resourceId: id, label: given.name };
  try {
    return await audited(
      ctx,
      { ...draft, action: 'update', before: { name, texts: before }, requested: wanted },
      async () => ({
        result: { id },
        after: wanted,
        statements: [
          exactly(
            1,
            ctx.db.build
              .updateTable('noteTemplates')
              .set({
                ...{ name: wanted.name, texts: JSON.stringify(wanted.texts), version: version + 1 },
                ...{ updatedAt: ctx.clock.now(), updatedBy: ownerOf(ctx.actor) },
              })
              .where('id', '=', id)
              .where('version', '=', version),
          ),
        ],
      }),
    );
  } catch (error) {
    if (error instanceof StaleWriteError) throw stale();
    throw error;
  }
}

/** Takes one away. @throws RefusedError 404 */
export async function removeTemplate(ctx: Ctx, id: string): Promise<void> {
  authorise(ctx.actor, 'programme:write');
  const row = await templateRow(ctx, id);
  const { name, texts: before } = viewOf(row);
  const draft = { ...placeOf(row), type: 'noteTemplates', resourceId: id, label: name };
  await audited(ctx, { ...draft, action: 'delete', before: { name, texts: before } }, async () => ({
    result: undefined,
    statements: [ctx.db.build.deleteFrom('noteTemplates').where('id', '=', id)],
  }));
}

const stale = () =>
  conflict(
    'FLIGHTDECK.STALE',
    'Somebody has changed this template meanwhile. Nothing was changed; look and decide again.',
  );

async function templateRow(ctx: Ctx, id: string) {
  const row = await ctx.db.prisma.noteTemplate.findUnique({ where: { id } });
  if (!row) throw notFound('There is no such template any more.');
  return row;
}

type Row = Awaited<ReturnType<typeof templateRow>>;

const placeOf = ({ accountId, appId }: Row): Pick<AppFacts, 'accountId' | 'appId'> => ({ accountId, appId });

function viewOf({ id, name, texts: kept, version }: Row): NoteTemplateView {
  return { id, name, texts: JSON.parse(kept) as Record<string, string>, version };
}
