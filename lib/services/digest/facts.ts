import { maskEmails } from '@/lib/access/mask';
import { can, type Role } from '@/lib/access/policy';
import { appWords, homeOf } from '@/lib/format/app-address';
import { buildWords } from '@/lib/format/builds';
import { crashFree } from '@/lib/format/crash-free';
import { lightStep, plainLight } from '@/lib/format/light-words';
import * as mirror from '@/lib/mirror/overview';
import type { Ctx } from '../ctx';
import { askFor } from '../health/ask-for';
import { figuresOf } from '../health/figures';
import { everyLight, toldOf } from '../health/lights';
import { withoutSnoozed } from '../health/snoozes';
import { crashFreeCell } from './compose';
import type { Facts } from './snapshot';

/** An app of an account. */
export interface ChosenApp {
  readonly accountId: string;
  readonly appId: string;
}

/**
 * What a digest tells somebody now: of all apps, or of those they chose. What concerns an account is told with any of its
 * apps.
 */
export async function digestFacts(
  ctx: Pick<Ctx, 'db' | 'clock' | 'shiftMs' | 'env'>,
  { role, apps: chosen }: { readonly role: Role; readonly apps: readonly ChosenApp[] | null },
): Promise<Facts> {
  const ask = askFor(ctx);
  const { now } = ask;
  const key = ({ accountId, appId }: { accountId: string; appId: string | null }) => `${accountId} ${appId}`;
  const wanted =
    chosen && new Set([...chosen.map(key), ...chosen.map(({ accountId }) => `${accountId} null`)]);
  const isWanted = (of: { accountId: string; appId: string | null }) =>
    wanted === null || wanted.has(key(of));
  const every = await everyLight(ask);
  const { shown, snoozed } = await withoutSnoozed(ctx, toldOf(every), now);
  const isShown = new Set(shown.map((light) => light.key));
  const { apps } = await mirror.overview(ctx.db, now);
  const byKey = new Map(apps.map((app) => [key(app), app]));
  const figures = await figuresOf(ask);
  const facts: Facts = {
    at: new Date(now).toISOString(),
    lights: shown.filter(isWanted).map((light) => {
      const app = byKey.get(key(light));
      return {
        ...{ key: light.key, place: key(light), level: light.level, words: plainLight(light) },
        app: app ? appWords(app.name ?? '', app.accountName) : null,
        step: lightStep(light, homeOf(light.appId ?? '', app)),
      };
    }),
    apps: apps.filter(isWanted).map((app) => {
      const { ends, unread, stability } = figures(app);
      const share =
        stability && crashFree({ sessionCount: stability.sessions, crashCount: stability.crashes });
      return {
        ...{ key: key(app), name: appWords(app.name ?? '', app.accountName), href: homeOf(app.appId, app) },
        build: app.latestBuild && buildWords(app.latestBuild),
        ...{ expires: ends?.at ?? null, testers: app.testers.total, unread: unread.reports },
        crashFree: stability && share ? crashFreeCell(share, stability.sessions) : null,
      };
    }),
    snoozed: snoozed.filter(([light]) => isWanted(light)).length,
    hidden: every.flatMap((light) => (isShown.has(light.key) ? [] : [light.key])),
    places: wanted && [...wanted],
  };
  return can(role, 'testers:identify') ? facts : maskEmails(facts);
}
