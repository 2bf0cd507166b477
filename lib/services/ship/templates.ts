import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authorise, may, ownerOf } from '@/lib/access/policy';
import { readJobs } from '@/lib/jobs/rows';
import { isRecord } from '@/lib/mirror/resource';
import { StaleWriteError } from '@/lib/store/errors';
import { exactly } from '@/lib/store/store';
import { type AppFacts, appOf, groupsOf } from '../app-facts';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { badMember, conflict, notFound } from '../errors';
import {
  groupIdsIn,
  type KeptChoices,
  keptChoices,
  type TemplateChoices,
  templateChoices,
  withNames,
} from './template-choices';

export const shipTemplateBody = z.strictObject({
  name: z.string().trim().min(1, 'Give it a name.').max(80, 'A name has at most 80 characters.'),
  choices: templateChoices,
  /** Of one that is changed: the version that was seen. */
  version: z.int().exactOptional(),
});
type Body = z.infer<typeof shipTemplateBody>;

/** What a build may be shipped by: a template, or the last ship of the app, which is one without a name of its own. */
export interface ShipTemplateView {
  /** Null of the last ship. */
  readonly id: string | null;
  readonly name: string;
  readonly choices: TemplateChoices;
  /** The groups that it names, and whether they are there no more. */
  readonly groups: readonly { readonly id: string; readonly name: string; readonly isGone: boolean }[];
  readonly version: number;
}

export interface ShipTemplates {
  readonly templates: readonly ShipTemplateView[];
  /** What another build of the app was shipped by last; null where none was. */
  readonly last: ShipTemplateView | null;
}

interface Place {
  readonly appId: string;
  readonly accountId: string | undefined;
}

/** The last ship is looked for among so many. */
const LATELY = 30;

/** The templates of ships of an app, by name, and its last ship but those of `buildId`. @throws RefusedError 404 */
export async function listShipTemplates(
  ctx: Ctx,
  place: Place,
  buildId: string | null,
): Promise<ShipTemplates> {
  authorise(ctx.actor, 'programme:read');
  const app = await appOf(ctx, place.appId, place.accountId);
  const { accountId, appId } = app;
  const known = new Map((await groupsOf(ctx, app)).map(({ id, name }) => [id, name]));
  const rows = await ctx.db.prisma.shipTemplate.findMany({ where: { accountId, appId } });
  return {
    templates: rows
      .map(({ id, name, choices, version }) => viewOf({ id, name, version }, readKept(choices), known))
      .toSorted((a, b) => a.name.localeCompare(b.name) || ((a.id ?? '') < (b.id ?? '') ? -1 : 1)),
    last: may(ctx.actor, 'jobs:read') ? await lastShip(ctx, app, known, buildId) : null,
  };
}

async function lastShip(
  ctx: Ctx,
  { accountId, appId }: AppFacts,
  known: ReadonlyMap<string, string>,
  buildId: string | null,
): Promise<ShipTemplateView | null> {
  const { jobs } = await readJobs(ctx.db, { accountId, appId, kind: 'ship', limit: LATELY });
  for (const { params, title } of jobs) {
    if (!isRecord(params) || params.isDryRun === true || params.buildId === buildId) continue;
    const kept = keptChoices.safeParse(params.choices);
    if (kept.success) return viewOf({ id: null, name: title, version: 0 }, kept.data, known);
  }
  return null;
}

/** Keeps a template for everybody who ships the app. @throws RefusedError 404, or 400 for a group that is not there */
export async function addShipTemplate(
  ctx: Ctx,
  place: Place,
  { name, choices }: Body,
): Promise<{ id: string; auditId: string }> {
  authorise(ctx.actor, 'programme:write');
  const app = await appOf(ctx, place.appId, place.accountId);
  const kept = await keptOf(ctx, app, choices, {});
  return insert(ctx, app, { id: randomUUID(), name, kept });
}

/** Changes one as it was seen. @throws RefusedError 404, 409 where somebody was faster */
export async function changeShipTemplate(
  ctx: Ctx,
  id: string,
  { version, name, choices }: Body,
): Promise<{ id: string; auditId: string }> {
  authorise(ctx.actor, 'programme:write');
  const row = await templateRow(ctx, id);
  if (row.version !== version) throw stale();
  const before = readKept(row.choices);
  const kept = await keptOf(ctx, row, choices, before.groupNames);
  return update(ctx, row, { name, kept });
}

/** Takes one away. @throws RefusedError 404 */
export async function removeShipTemplate(
  ctx: Ctx,
  id: string,
  undoOf?: string,
): Promise<{ auditId: string }> {
  authorise(ctx.actor, 'programme:write');
  const row = await templateRow(ctx, id);
  const before = { name: row.name, choices: readKept(row.choices) };
  const draft = { ...aboutOf(row, id, row.name), action: 'delete', before };
  return audited(ctx, { ...draft, ...(undoOf ? { undoOf } : {}) }, async (auditId) => ({
    result: { auditId },
    statements: [ctx.db.build.deleteFrom('shipTemplates').where('id', '=', id)],
  }));
}

interface Kept {
  readonly name: string;
  readonly kept: KeptChoices;
}

/** Writes a template that is not there. */
export async function insert(
  ctx: Ctx,
  { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>,
  { id, name, kept }: Kept & { readonly id: string },
  undoOf?: string,
): Promise<{ id: string; auditId: string }> {
  const [now, owner] = [ctx.clock.now(), ownerOf(ctx.actor)];
  const after = { name, choices: kept };
  const draft = { ...aboutOf({ accountId, appId }, id, name), action: 'create', requested: after };
  return audited(ctx, { ...draft, ...(undoOf ? { undoOf } : {}) }, async (auditId) => ({
    result: { id, auditId },
    after,
    statements: [
      ctx.db.build.insertInto('shipTemplates').values({
        ...{ id, accountId, appId, name, choices: JSON.stringify(kept) },
        ...{ createdAt: now, createdBy: owner, updatedAt: now, updatedBy: owner },
      }),
    ],
  }));
}

/** Writes another name and other choices over a template as it was read. @throws RefusedError 409 */
export async function update(
  ctx: Ctx,
  row: Row,
  { name, kept }: Kept,
  undoOf?: string,
): Promise<{ id: string; auditId: string }> {
  const { id, version } = row;
  const [before, after] = [
    { name: row.name, choices: readKept(row.choices) },
    { name, choices: kept },
  ];
  const draft = { ...aboutOf(row, id, name), action: 'update', before, requested: after };
  try {
    return await audited(ctx, { ...draft, ...(undoOf ? { undoOf } : {}) }, async (auditId) => ({
      result: { id, auditId },
      after,
      statements: [
        exactly(
          1,
          ctx.db.build
            .updateTable('shipTemplates')
            .set({
              ...{ name, choices: JSON.stringify(kept), version: version + 1 },
              ...{ updatedAt: ctx.clock.now(), updatedBy: ownerOf(ctx.actor) },
            })
            .where('id', '=', id)
            .where('version', '=', version),
        ),
      ],
    }));
  } catch (error) {
    if (error instanceof StaleWriteError) throw stale();
    throw error;
  }
}

/** What is kept of choices; a group that is gone may stay where it stood before, and is told. */
async function keptOf(
  ctx: Ctx,
  app: Pick<AppFacts, 'accountId' | 'appId'>,
  choices: TemplateChoices,
  before: Readonly<Record<string, string>>,
): Promise<KeptChoices> {
  const kept = withNames(choices, await groupsOf(ctx, app), before);
  if (groupIdsIn(choices).some((id) => kept.groupNames[id] === undefined))
    throw badMember(
      '/choices/groups',
      'One of the groups is not in this app, or not any more. Choose again.',
    );
  return kept;
}

const stale = () =>
  conflict(
    'FLIGHTDECK.STALE',
    'Somebody has changed this template meanwhile. Nothing was changed; look and decide again.',
  );

export async function templateRow(ctx: Ctx, id: string) {
  const row = await ctx.db.prisma.shipTemplate.findUnique({ where: { id } });
  if (!row) throw notFound('There is no such template any more.');
  return row;
}

type Row = Awaited<ReturnType<typeof templateRow>>;

const aboutOf = ({ accountId, appId }: Pick<Row, 'accountId' | 'appId'>, id: string, label: string) => ({
  ...{ accountId, appId, type: 'shipTemplates', resourceId: id, label },
});

export function readKept(kept: string): KeptChoices {
  return keptChoices.parse(JSON.parse(kept));
}

function viewOf(
  own: Pick<ShipTemplateView, 'id' | 'name' | 'version'>,
  { groupNames, ...choices }: KeptChoices,
  known: ReadonlyMap<string, string>,
): ShipTemplateView {
  const groups = groupIdsIn(choices).map((id) => ({
    ...{ id, name: known.get(id) ?? groupNames[id] ?? 'A group' },
    isGone: !known.has(id),
  }));
  return { ...own, choices, groups };
}
