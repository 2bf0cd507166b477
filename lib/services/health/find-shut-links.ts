import { buildWords } from '@/lib/format/builds';
import type { Found } from '@/lib/format/lights';
import { type BuildFact, type DoctorFinding, examineLink, TESTABLE } from '../links/doctor';
import type { Ask } from './ask';
import { openLinks } from './open-links';

/** Links that are switched on and admit nobody, each with every reason. */
export async function findShutLinks(ask: Ask): Promise<Found<'link_admits_nobody'>[]> {
  const links = await openLinks(ask);
  if (links.length === 0) return [];
  const fine = await withTestableBuild(ask);
  const builds = await buildsOfLinks(ask, fine);
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
      ...{
        builds: fine.has(`${accountId} ${id}`) ? [FINE] : (builds.get(`${accountId} ${id}`) ?? []),
        criteria,
        hasCompatibleBuild: null,
      },
      ...{ externalTesterCount: null, forecast: null, now: ask.now },
    });
    const reasons = findings.filter(isBlocking).map(({ title }) => title);
    return reasons.length > 0 ? [{ accountId, appId, id, name, since: null, facts: { reasons } }] : [];
  });
}

const isBlocking = ({ severity }: DoctorFinding) => severity === 'blocked';

/** Stands for the builds of a group of which one can be tested: nothing is said of them then. */
const FINE: BuildFact = {
  ...{ id: '', label: '', externalBuildState: 'IN_BETA_TESTING' },
  ...{ expired: false, expirationDate: null },
};

/** Groups of open links that have a build that people can install. */
async function withTestableBuild(ask: Ask): Promise<ReadonlySet<string>> {
  const given = { now: new Date(ask.now).toISOString(), states: [...TESTABLE] };
  const rows = await ask.rows('links with a build', given, (build, at, isOne) =>
    build
      .selectFrom('betaGroups as t')
      .select(['t.accountId', 't.id'])
      .where('t.publicLinkEnabled', '=', 1)
      .$if(isOne, (of) => of.where('t.accountId', '=', at.accountId))
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('buildGroups as m')
            .innerJoin('builds as b', (join) =>
              join.onRef('b.accountId', '=', 'm.accountId').onRef('b.id', '=', 'm.buildId'),
            )
            .select('b.id')
            .whereRef('m.accountId', '=', 't.accountId')
            .whereRef('m.groupId', '=', 't.id')
            .where('b.externalBuildState', 'in', at.states)
            .where('b.expired', 'is distinct from', 1)
            .where((eb) => eb.or([eb('b.expirationDate', 'is', null), eb('b.expirationDate', '>', at.now)])),
        ),
      ),
  );
  return new Set(rows.map(({ accountId, id }) => `${accountId} ${id}`));
}

/** The builds of the other groups of open links. */
async function buildsOfLinks(ask: Ask, fine: ReadonlySet<string>): Promise<ReadonlyMap<string, BuildFact[]>> {
  const doubtful = (await openLinks(ask)).filter(({ accountId, id }) => !fine.has(`${accountId} ${id}`));
  if (doubtful.length === 0) return new Map();
  const ids = doubtful.map(({ id }) => id);
  const rows = await ask.rows(`builds of ${ids.length} open links`, { ids }, (build, at, isOne) =>
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
      .where('t.id', 'in', at.ids)
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
