import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { connectorSubject } from '@/lib/access/key-store';
import { authorise, may } from '@/lib/access/policy';
import { hasSecretAddress, isTracker } from '@/lib/connectors/connector';
import { addressProblem } from '@/lib/connectors/outgoing';
import { ConnectorError, type Kind } from '@/lib/connectors/types';
import { namesOfApps } from '@/lib/mirror/query';
import { exactly } from '@/lib/store/store';
import { appColumns, GONE_APP } from '../app-facts';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { badMember, notFound, RefusedError } from '../errors';
import { tell } from '../hand-over/told';
import type { ConnectorBody, connectorPreviewBody, connectorTestBody } from './body';
import { type ConnectorRow, connectorRow, connectorRows, secretOf, trying } from './rows';
import { DEFAULT_BODY, DEFAULT_TITLE, filled, PLACEHOLDERS } from './template';

export { connectorBody, connectorPreviewBody, connectorTestBody } from './body';

/** A connector as the settings show it: never its secret. */
export interface ConnectorView {
  readonly id: string;
  readonly kind: Kind;
  readonly name: string;
  readonly baseUrl: string;
  readonly isInternal: boolean;
  readonly project: string;
  readonly itemType: string;
  readonly login: string;
  readonly app: { readonly appId: string; readonly accountId: string; readonly name: string } | null;
  readonly title: string;
  readonly body: string;
  readonly doesResolve: boolean;
  readonly takesAlerts: boolean;
  /** How many were made by it. */
  readonly count: number;
  readonly createdAt: string;
}

export interface ConnectorList {
  readonly connectors: readonly ConnectorView[];
  readonly placeholders: Readonly<Record<string, string>>;
  /** What a new one begins with. */
  readonly defaults: { readonly title: string; readonly body: string };
}

/** Every connector that is in use. */
export async function listConnectors(ctx: Ctx): Promise<ConnectorList> {
  authorise(ctx.actor, 'settings:write');
  const rows = (await connectorRows(ctx.db)).filter(({ removedAt }) => removedAt === null);
  const names = await namesOfApps(
    ctx.db,
    rows.map(({ appId }) => appId),
  );
  const counts = await ctx.db.read(
    ctx.db.build
      .selectFrom('handovers')
      .select(({ fn }) => ['connectorId', fn.countAll<number>().as('count')])
      .where('state', '=', 'sent')
      .groupBy('connectorId'),
  );
  const countOf = new Map(counts.map(({ connectorId, count }) => [connectorId, count]));
  return {
    connectors: rows.map((row) => ({
      ...{ id: row.id, kind: row.kind, name: row.name, baseUrl: row.baseUrl, project: row.project ?? '' },
      ...{ itemType: row.itemType ?? '', login: row.login ?? '', title: row.title, body: row.body },
      ...{ isInternal: row.isInternal === 1, doesResolve: row.doesResolve === 1 },
      takesAlerts: row.takesAlerts === 1,
      app:
        row.appId === null || row.accountId === null
          ? null
          : {
              ...{ appId: row.appId, accountId: row.accountId },
              name: names(row.appId, row.accountId)?.name ?? GONE_APP,
            },
      count: countOf.get(row.id) ?? 0,
      createdAt: new Date(row.createdAt).toISOString(),
    })),
    placeholders: PLACEHOLDERS,
    defaults: { title: DEFAULT_TITLE, body: DEFAULT_BODY },
  };
}

/** Adds a connector; its secret is sealed and never shown again. @throws RefusedError 400 for what cannot be right */
export async function addConnector(ctx: Ctx, given: ConnectorBody): Promise<{ id: string }> {
  authorise(ctx.actor, 'settings:write');
  const [id, now] = [randomUUID(), ctx.clock.now()];
  const columns = await columnsOf(ctx, given, null);
  if (given.secret === undefined) throw noSecret();
  const sealedSecret = await ctx.keys.seal(connectorSubject(id), 1, given.secret);
  return audited(
    ctx,
    { ...draft(columns), action: 'create', resourceId: id, requested: told(given) },
    async () => {
      const row = { id, ...columns, sealedSecret, keyVersion: 1, createdAt: now, updatedAt: now };
      await ctx.db.write([ctx.keys.guard(), ctx.db.build.insertInto('connectors').values(row)]);
      return { result: { id }, after: told(given) };
    },
  );
}

/** Changes a connector; without a secret the stored one stays, unless it would go to another server. */
export async function changeConnector(ctx: Ctx, id: string, given: ConnectorBody): Promise<{ id: string }> {
  authorise(ctx.actor, 'settings:write');
  const row = await connectorRow(ctx.db, id);
  if (given.kind !== row.kind) throw badMember('/kind', 'A connector keeps its kind. Add another one.');
  refuseElsewhere(row, given);
  const columns = await columnsOf(ctx, given, row);
  const keyVersion = row.keyVersion + 1;
  const sealed =
    given.secret === undefined
      ? {}
      : { keyVersion, sealedSecret: await ctx.keys.seal(connectorSubject(id), keyVersion, given.secret) };
  const before = {
    name: row.name,
    baseUrl: row.baseUrl,
    project: row.project,
    title: row.title,
    body: row.body,
  };
  const entry = { ...draft(columns), action: 'update', resourceId: id, before, requested: told(given) };
  return audited(ctx, entry, async () => {
    await ctx.db.write([
      ctx.keys.guard(),
      exactly(
        1,
        ctx.db.build
          .updateTable('connectors')
          .set({ ...columns, ...sealed, updatedAt: ctx.clock.now() })
          .where('id', '=', id)
          .where('keyVersion', '=', row.keyVersion)
          .where('removedAt', 'is', null),
      ),
    ]);
    return { result: { id }, after: told(given) };
  });
}

/** Takes a connector out of use and destroys its secret; what was made by it keeps its links. */
export async function removeConnector(ctx: Ctx, id: string): Promise<void> {
  authorise(ctx.actor, 'settings:write');
  const row = await connectorRow(ctx.db, id);
  await audited(
    ctx,
    { ...draft(row), action: 'delete', resourceId: id, before: { name: row.name } },
    async () => ({
      result: undefined,
      statements: [
        ctx.db.build
          .updateTable('connectors')
          .set({ removedAt: ctx.clock.now(), sealedSecret: '' })
          .where('id', '=', id),
      ],
    }),
  );
}

/** Tries a connector as it stands in the form, and says what came of it. @throws RefusedError 400, 502 */
export async function testConnector(
  ctx: Ctx,
  given: z.infer<typeof connectorTestBody>,
): Promise<{ words: string }> {
  authorise(ctx.actor, 'settings:write');
  const row = given.id === undefined ? null : await connectorRow(ctx.db, given.id);
  if (row) refuseElsewhere(row, given);
  const secret = given.secret ?? (row ? await secretOf(ctx, row) : undefined);
  refuseWrong({ ...given, secret }, row === null);
  if (secret === undefined) throw noSecret();
  const place = { ...given, isInternal: given.isInternal ? 1 : 0, secret };
  try {
    return { words: await trying(ctx, place, (connector) => connector.check()) };
  } catch (error) {
    throw asRefusal(error);
  }
}

/** What a template would say of the newest report that is here. */
export async function previewTemplate(
  ctx: Ctx,
  given: z.infer<typeof connectorPreviewBody>,
): Promise<{ title: string; body: string }> {
  authorise(ctx.actor, 'settings:write');
  const [newest] = await ctx.db.read(
    ctx.db.build
      .selectFrom('feedback as f')
      .innerJoin('Account as a', 'a.id', 'f.accountId')
      .select(['f.id', 'f.accountId'])
      .where('a.removedAt', 'is', null)
      .where('f.issueId', 'is not', null)
      .orderBy('f.createdDate', (by) => by.desc().nullsLast())
      .limit(1),
  );
  if (!newest) throw notFound('There is no report to show it with yet.');
  return filled(given, await tell(ctx, { kind: 'report', ...newest }), may(ctx.actor, 'testers:identify'));
}

/** What a connector could not do, as an answer. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof ConnectorError)) return error;
  const [status, code] = error.kind === 'refused' ? [422, 'REFUSED'] : [502, 'AWAY'];
  return new RefusedError({
    ...{ status, code: `FLIGHTDECK.CONNECTOR_${code}`, title: 'The other side did not do it' },
    detail: error.message,
  });
}

const draft = ({ name, accountId, appId }: Pick<ConnectorRow, 'name' | 'accountId' | 'appId'>) => ({
  ...{ type: 'connectors', label: name },
  ...(accountId === null || appId === null ? {} : { accountId, appId }),
});

/** What stands in the trail: all but the secret. */
const told = ({ secret: _, ...given }: ConnectorBody) => given;

async function columnsOf(
  ctx: Ctx,
  { secret, app: wanted, ...given }: ConnectorBody,
  before: ConnectorRow | null,
) {
  refuseWrong({ ...given, secret }, before === null);
  return {
    ...{ kind: given.kind, name: given.name, title: given.title, body: given.body },
    baseUrl: hasSecretAddress(given.kind) ? '' : given.baseUrl,
    isInternal: given.isInternal ? 1 : 0,
    ...{ project: given.project || null, itemType: given.itemType || null, login: given.login || null },
    ...(await appColumns(ctx, wanted, before)),
    doesResolve: given.doesResolve && isTracker(given.kind) ? 1 : 0,
    takesAlerts: given.takesAlerts && !isTracker(given.kind) ? 1 : 0,
  };
}

type Place = Pick<ConnectorBody, 'kind' | 'baseUrl' | 'isInternal' | 'project'> & {
  readonly secret: string | undefined;
};

const PROJECTS: Readonly<Partial<Record<Kind, readonly [RegExp, string]>>> = {
  github: [/^[\w.-]+\/[\w.-]+$/, 'Write the repository as owner/name.'],
  gitlab: [/^(\d+|[\w.-]+(\/[\w.-]+)+)$/, 'Write the project as group/project, or by its number.'],
  jira: [/^[A-Za-z][A-Za-z0-9_]*$/, 'Write the key of the project, such as APP.'],
  linear: [/^[A-Za-z0-9]+$/, 'Write the key of the team, such as ENG.'],
};

const noSecret = () => badMember('/secret', 'Enter the secret.');

/** Everything that is wrong at once. @throws RefusedError 400 for an address that is not asked, or no project */
function refuseWrong({ kind, baseUrl, isInternal, project, secret }: Place, isNew: boolean): void {
  const isInSecret = hasSecretAddress(kind);
  const address = isInSecret ? secret : baseUrl;
  const problem = address === undefined ? null : addressProblem(address, isInternal);
  const [form, words] = PROJECTS[kind] ?? [];
  const wrong = [
    ...(problem === null ? [] : [badMember(isInSecret ? '/secret' : '/baseUrl', problem)]),
    ...(form && words && !form.test(project) ? [badMember('/project', words)] : []),
    ...(isNew && secret === undefined ? [noSecret()] : []),
  ];
  if (wrong.length > 0) throw new RefusedError(wrong.flatMap(({ problems }) => problems));
}

/** A stored secret goes to no other server than the one it was given for. */
function refuseElsewhere(
  row: ConnectorRow,
  given: { readonly baseUrl: string; readonly secret?: string | undefined },
): void {
  if (given.secret !== undefined || hasSecretAddress(row.kind)) return;
  const originOf = (address: string) => (URL.canParse(address) ? new URL(address).origin : address);
  if (originOf(row.baseUrl) !== originOf(given.baseUrl))
    throw badMember('/secret', 'Enter the secret again: the address leads to another server.');
}
