import { authorise } from '@/lib/access/policy';
import type { Light, LightKind, LightLevel } from '@/lib/format/lights';
import * as mirror from '@/lib/mirror/overview';
import { accountRow, accountRows } from '../accounts/rows';
import type { Ctx } from '../ctx';
import { badParameter } from '../errors';
import { forActor } from '../resources/shape';
import { askFor } from './ask-for';
import { type AppFigures, figuresOf } from './figures';
import { allLights } from './lights';
import { RULES } from './rules';
import { withoutSnoozed } from './snoozes';

/** An app in a row: what it has, how it stands, and how many lights are on. */
export interface AppHealth
  extends Pick<
      mirror.AppOverview,
      'accountId' | 'accountName' | 'appId' | 'name' | 'bundleId' | 'icon' | 'latestBuild' | 'fetchedAt'
    >,
    AppFigures {
  readonly testers: number;
  readonly red: number;
  readonly amber: number;
}

/** Lights of one kind and level: the first of them, and how many there are. */
export interface LightGroup {
  readonly kind: LightKind;
  readonly level: LightLevel;
  /** When a light of the kind is lit, in a sentence. */
  readonly rule: string;
  readonly total: number;
  readonly lights: readonly Light[];
}

export interface Health {
  /** Apps with the gravest lights first. */
  readonly apps: readonly AppHealth[];
  readonly groups: readonly LightGroup[];
  /** How many lights are snoozed. */
  readonly snoozed: number;
  readonly testers: number;
  /** All of them, whichever is looked at. */
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
}

/** So many of a kind are told before somebody asks for the others. */
const FIRST = 5;

/** All apps and what wants somebody, of all accounts or one. */
export async function getHealth(ctx: Ctx, accountId?: string): Promise<Health> {
  authorise(ctx.actor, 'programme:read');
  const ask = askFor(ctx, accountId);
  if (accountId !== undefined) await accountRow(ctx.db, accountId);
  const { shown: lights, snoozed } = await withoutSnoozed(ctx, await allLights(ask), ask.now);
  const { apps, testers } = await mirror.overview(ctx.db, ask.now, accountId);
  const figures = await figuresOf(ask);
  const counts = countsOf(lights);
  const rows = apps.map((app): AppHealth => {
    const { accountId: account, accountName, appId, name, bundleId, icon, latestBuild, fetchedAt } = app;
    return {
      ...{ accountId: account, accountName, appId, name, bundleId, icon, latestBuild, fetchedAt },
      ...{ testers: app.testers.total, red: 0, amber: 0 },
      ...figures(app),
      ...counts.get(`${account} ${appId}`),
    };
  });
  return forActor(ctx, {
    apps: rows.toSorted((one, other) => other.red - one.red || other.amber - one.amber),
    groups: groupsOf(lights),
    snoozed: snoozed.length,
    testers: testers.total,
    accounts: (await accountRows(ctx.db)).map(({ id, name }) => ({ id, name })),
  });
}

function countsOf(lights: readonly Light[]): ReadonlyMap<string, { red: number; amber: number }> {
  const counts = new Map<string, { red: number; amber: number }>();
  for (const { accountId, appId, level } of lights) {
    const count = counts.get(`${accountId} ${appId}`) ?? { red: 0, amber: 0 };
    counts.set(`${accountId} ${appId}`, count);
    count[level] += 1;
  }
  return counts;
}

function groupsOf(lights: readonly Light[]): LightGroup[] {
  return (['red', 'amber'] as const).flatMap((level) =>
    RULES.flatMap(({ kind, says: rule }) => {
      const all = lights.filter((light) => light.kind === kind && light.level === level);
      return all.length > 0 ? [{ kind, level, rule, total: all.length, lights: all.slice(0, FIRST) }] : [];
    }),
  );
}

interface Page {
  readonly data: readonly Light[];
  readonly meta: {
    readonly total: number;
    /** When a light of each kind is lit, in a sentence. */
    readonly rules: Readonly<Partial<Record<LightKind, string>>>;
    /** How many are snoozed. */
    readonly snoozed: number;
  };
}

const MOST = 200;

/** The lights of an app, or of a kind and level, page by page. @throws RefusedError 400 when a parameter is wrong */
export async function listLights(
  ctx: Ctx,
  {
    parameters,
    accountId,
  }: { readonly parameters: URLSearchParams; readonly accountId?: string | undefined },
): Promise<Page> {
  authorise(ctx.actor, 'programme:read');
  const given = (name: string) => parameters.get(name);
  const [appId, kind, level] = [given('app'), given('kind'), given('level')];
  if (kind !== null && !RULES.some((rule) => rule.kind === kind))
    throw badParameter('kind', 'There is no such kind.');
  if (level !== null && level !== 'red' && level !== 'amber')
    throw badParameter('level', 'It is red or amber.');
  const offset = Number(given('offset') ?? 0);
  if (!Number.isSafeInteger(offset) || offset < 0) throw badParameter('offset', 'It is a whole number.');
  const isWanted = (light: Light) =>
    (appId === null || light.appId === appId) &&
    (kind === null || light.kind === kind) &&
    (level === null || light.level === level);
  const ask = askFor(ctx, accountId);
  const { shown, snoozed } = await withoutSnoozed(ctx, await allLights(ask), ask.now);
  const all = shown.filter(isWanted);
  const data = all.slice(offset, offset + MOST);
  const kinds = new Set(data.map((light) => light.kind));
  return forActor(ctx, {
    data,
    meta: {
      total: all.length,
      rules: Object.fromEntries(
        RULES.flatMap(({ kind: one, says }) => (kinds.has(one) ? [[one, says]] : [])),
      ),
      snoozed: snoozed.filter(([light]) => isWanted(light)).length,
    },
  });
}
