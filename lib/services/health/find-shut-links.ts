import { buildWords } from '@/lib/format/builds';
import type { Found } from '@/lib/format/lights';
import { type BuildFact, type DoctorFinding, examineLink } from '../links/doctor';
import type { Ask } from './ask';
import { openLinks } from './open-links';

/** Links that are switched on and admit nobody, each with every reason. */
export async function findShutLinks(ask: Ask): Promise<Found<'link_admits_nobody'>[]> {
  const links = await openLinks(ask);
  if (links.length === 0) return [];
  const builds = await buildsOfLinks(ask);
  const whole = await withAllBuilds(ask);
  return links.flatMap(({ accountId, appId, id, name, used, limit, criteria }) => {
    // Before all builds were read once, a group without one may have some.
    if (!whole.has(accountId)) return [];
    const findings = examineLink({
      group: {
        ...{ id, name, isInternalGroup: false, publicLinkEnabled: true },
        ...{ publicLinkLimitEnabled: limit !== null, publicLinkLimit: limit },
        ...{ testerCount: used, linkTesterCount: used },
      },
      ...{ builds: builds.get(`${accountId} ${id}`) ?? [], criteria, hasCompatibleBuild: null },
      ...{ externalTesterCount: null, forecast: null, now: ask.now },
    });
    const reasons = findings.filter(isBlocking).map(({ title }) => title);
    return reasons.length > 0 ? [{ accountId, appId, id, name, since: null, facts: { reasons } }] : [];
  });
}

const isBlocking = ({ severity }: DoctorFinding) => severity === 'blocked';

async function buildsOfLinks(ask: Ask): Promise<ReadonlyMap<string, BuildFact[]>> {
  const rows = await ask.rows('builds of open links', {}, (build, at, isOne) =>
    build
      .selectFrom('betaGroups as t')
      .innerJoin('buildGroups as m', (join) =>
        join.onRef('m.accountId', '=', 't.accountId').onRef('m.groupId', '=', 't.id'),
      )
      .innerJoin('builds as b', (join) =>
        join.onRef('b.accountId', '=', 'm.accountId').onRef('b.id', '=', 'm.buildId'),
      )
      .select(['t.accountId', 't.id as groupId'])
      .select(['b.id', 'b.version', 'b.trainVersion', 'b.platform', 'b.externalBuildState', 'b.expired'])
      .select('b.expirationDate')
      .where('t.publicLinkEnabled', '=', 1)
      .$if(isOne, (of) => of.where('t.accountId', '=', at.accountId))
      .orderBy('b.uploadedDate', (by) => by.desc().nullsLast())
      .orderBy('b.id'),
  );
  const found = new Map<string, BuildFact[]>();
  for (const { accountId, groupId, expired, ...row } of rows) {
    const key = `${accountId} ${groupId}`;
    const facts = found.get(key) ?? [];
    found.set(key, facts);
    facts.push({
      ...{ id: row.id, label: buildWords(row), externalBuildState: row.externalBuildState },
      ...{ expired: expired === null ? null : expired === 1, expirationDate: row.expirationDate },
    });
  }
  return found;
}

/** The accounts of which every build was read once. */
export function withAllBuilds(ask: Ask): Promise<ReadonlySet<string>> {
  return ask.once('accounts with all builds', async () => {
    const rows = await ask.rows('accounts with all builds', {}, (build, at, isOne) =>
      build
        .selectFrom('syncScopes as s')
        .select('s.accountId')
        .where('s.scope', '=', 'builds')
        .where('s.completedAt', 'is not', null)
        .$if(isOne, (of) => of.where('s.accountId', '=', at.accountId)),
    );
    return new Set(rows.map(({ accountId }) => accountId));
  });
}
