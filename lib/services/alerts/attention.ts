import { APP_TESTER_LIMIT } from '@/lib/asc/catalogue/limits';
import { buildWords } from '@/lib/format/builds';
import { forms, type Made } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';

type AttentionKind =
  | 'build_expiring'
  | 'export_compliance_missing'
  | 'waiting_for_review'
  | 'review_rejected'
  | 'link_nearly_full'
  | 'testers_nearly_full'
  | 'key_refused'
  | 'sync_failed';

/** One thing somebody should look at today. */
export interface Attention {
  readonly kind: AttentionKind;
  readonly accountId: string;
  /** Null for what concerns a whole account. */
  readonly appId: string | null;
  /** Apple's type and id of the thing, where there is one. */
  readonly type: string | null;
  readonly id: string | null;
  readonly label: string | null;
  /** Of a build: two platforms may carry the same version and number. */
  readonly platform?: string | null;
  /** When it happens or happened; ISO text. */
  readonly date: string | null;
  readonly count: number | null;
  readonly limit: number | null;
  readonly detail: string | null;
  /** What the account is called, where another has the app too. */
  readonly accountName?: string;
}

const DAY_MS = 24 * 60 * 60_000;
const NEARLY = 0.9;

type Found = Pick<Attention, 'accountId' | 'id'> & Partial<Omit<Attention, 'kind' | 'type'>>;
type Builder = Store['build'];
/** Places of the values that rules compare with; dates are ISO text. */
interface At {
  readonly accountId: string;
  readonly now: string;
  readonly soon: string;
}

/** How things of a kind are found, in an order that is the same on every engine. */
interface Rule {
  readonly kind: AttentionKind;
  readonly type: string | null;
  find(ask: Ask): Promise<readonly Found[]>;
}
/** Asks for the rows of all accounts, or only of one. */
type Ask = <Row>(make: (build: Builder, at: At, isOne: boolean) => Made<Row>) => Promise<readonly Row[]>;

type BuildRow = Found & { readonly trainVersion: string | null; readonly version: string | null };

function ofBuilds(
  kind: AttentionKind,
  date: 'expirationDate' | 'uploadedDate' | 'submittedDate',
  where: (build: ReturnType<typeof builds>, at: At) => Made<Omit<BuildRow, 'date'>>,
): Rule {
  return {
    kind,
    type: 'builds',
    find: async (ask) => {
      const rows = await ask((build, at, isOne) =>
        where(
          builds(build)
            .select(`t.${date} as date`)
            .$if(isOne, (of) => of.where('t.accountId', '=', at.accountId)),
          at,
        ),
      );
      return rows.map(({ trainVersion, version, ...row }) => ({
        ...row,
        label: buildWords({ trainVersion, version }),
      }));
    },
  };
}

const builds = (build: Builder) =>
  build
    .selectFrom('builds as t')
    .select(['t.accountId', 't.appId', 't.id', 't.platform', 't.trainVersion', 't.version'])
    .where('t.expired', 'is distinct from', 1)
    .orderBy('t.accountId')
    .orderBy('t.uploadedDate', (by) => by.desc().nullsLast())
    .orderBy('t.id');

const inState = (of: ReturnType<typeof builds>, state: string) =>
  of.where((eb) => eb.or([eb('t.internalBuildState', '=', state), eb('t.externalBuildState', '=', state)]));

const LINKS: Rule = {
  kind: 'link_nearly_full',
  type: 'betaGroups',
  find: async (ask) => {
    const rows = await ask((build, at, isOne) =>
      build
        .selectFrom('betaGroups as t')
        .select(['t.accountId', 't.appId', 't.id', 't.name as label', 't.testerCount'])
        .select(({ eb, fn, selectFrom }) => {
          const members = selectFrom('betaGroupTesters as m')
            .whereRef('m.accountId', '=', 't.accountId')
            .whereRef('m.groupId', '=', 't.id')
            .select(fn.countAll<number>().as('n'));
          const byLink = members.innerJoin('betaTesters as p', (join) =>
            join
              .onRef('p.accountId', '=', 'm.accountId')
              .onRef('p.appId', '=', 'm.appId')
              .onRef('p.id', '=', 'm.testerId')
              .on('p.inviteType', '=', 'PUBLIC_LINK'),
          );
          return [eb.ref('t.publicLinkLimit').as('limit'), members.as('members'), byLink.as('byLink')];
        })
        .where('t.publicLinkEnabled', '=', 1)
        .where('t.publicLinkLimitEnabled', '=', 1)
        .where((eb) => eb('t.testerCount', '>=', eb(eb.ref('t.publicLinkLimit'), '*', eb.lit(NEARLY))))
        .$if(isOne, (of) => of.where('t.accountId', '=', at.accountId))
        .orderBy('t.accountId')
        .orderBy('t.id'),
    );
    // A link's limit is of those who came by it, once every member is known; until then the group's total is the best
    // that can be said.
    return rows.flatMap(({ testerCount, members, byLink, ...row }) => {
      const count = (members ?? 0) >= (testerCount ?? 0) ? (byLink ?? 0) : (testerCount ?? 0);
      return count >= (row.limit ?? 0) * NEARLY ? [{ ...row, count }] : [];
    });
  },
};

const TESTERS: Rule = {
  kind: 'testers_nearly_full',
  type: 'apps',
  find: async (ask) => {
    const rows = await ask((build, at, isOne) =>
      build
        .selectFrom('betaTesterCounts as t')
        .select(({ fn }) => [
          't.accountId',
          't.appId',
          't.appId as id',
          fn.sum<number>('t.count').as('count'),
        ])
        .$if(isOne, (of) => of.where('t.accountId', '=', at.accountId))
        .groupBy(['t.accountId', 't.appId'])
        .having((eb) => eb(eb.fn.sum('t.count'), '>=', eb.lit(APP_TESTER_LIMIT * NEARLY)))
        .orderBy('t.accountId')
        .orderBy('t.appId'),
    );
    return rows.map((row) => ({ ...row, limit: APP_TESTER_LIMIT }));
  },
};

const SYNCS: Rule = {
  kind: 'sync_failed',
  type: null,
  find: async (ask) => {
    const rows = await ask((build, at, isOne) =>
      build
        .selectFrom('syncRuns as t')
        .select(['t.accountId', 't.id', 't.finishedAt', 't.error as detail'])
        .where('t.status', '=', 'failed')
        .where('t.startedAt', '=', (eb) =>
          eb
            .selectFrom('syncRuns as r')
            .select(({ fn }) => fn.max('r.startedAt').as('newest'))
            .whereRef('r.accountId', '=', 't.accountId')
            .where('r.status', '<>', 'running'),
        )
        .$if(isOne, (of) => of.where('t.accountId', '=', at.accountId))
        .orderBy('t.accountId')
        .orderBy('t.id'),
    );
    return rows.map(({ finishedAt, ...row }) => ({ ...row, date: instant(finishedAt) }));
  },
};

/** Passing trouble is not the key's. */
const NOT_OF_THE_KEY = ['ok', 'unreachable', 'server', 'forbidden'];

const KEYS: Rule = {
  kind: 'key_refused',
  type: null,
  find: async (ask) => {
    const rows = await ask((build, at, isOne) =>
      build
        .selectFrom('Account as t')
        .select(['t.id', 't.name as label', 't.status', 't.statusAt', 't.statusDetail'])
        .where('t.removedAt', 'is', null)
        .where('t.status', 'not in', NOT_OF_THE_KEY)
        .$if(isOne, (of) => of.where('t.id', '=', at.accountId))
        .orderBy('t.id'),
    );
    return rows.map(({ id, label, status, statusAt, statusDetail }) => ({
      ...{ accountId: id, id, label, date: instant(statusAt) },
      detail: statusDetail === null ? status : `${status}: ${statusDetail}`,
    }));
  },
};

const instant = (ms: number | null) => (ms === null ? null : `${new Date(ms).toISOString().slice(0, 19)}Z`);

/** Most urgent kinds first. */
const RULES: readonly Rule[] = [
  ofBuilds('build_expiring', 'expirationDate', (of, { now, soon }) =>
    inState(of, 'IN_BETA_TESTING').where('t.expirationDate', '>', now).where('t.expirationDate', '<=', soon),
  ),
  ofBuilds('export_compliance_missing', 'uploadedDate', (of, { now }) =>
    inState(of, 'MISSING_EXPORT_COMPLIANCE').where('t.expirationDate', '>', now),
  ),
  ofBuilds('review_rejected', 'submittedDate', (of, { now }) =>
    of.where('t.externalBuildState', '=', 'BETA_REJECTED').where('t.expirationDate', '>', now),
  ),
  ofBuilds('waiting_for_review', 'submittedDate', (of) =>
    of.where('t.externalBuildState', 'in', ['WAITING_FOR_BETA_REVIEW', 'IN_BETA_REVIEW']),
  ),
  LINKS,
  TESTERS,
  SYNCS,
  KEYS,
];

const asked = forms();

/** What needs attention today, most urgent kinds first; `now` in ms since 1970. */
export async function attentionOf(db: Store, now: number, accountId?: string): Promise<Attention[]> {
  const iso = (ms: number) => new Date(ms).toISOString();
  const given = { accountId: accountId ?? '', now: iso(now), soon: iso(now + 7 * DAY_MS) };
  const isOne = accountId !== undefined;
  const found: Attention[] = [];
  for (const { kind, type, find } of RULES) {
    const rows = await find((make) =>
      db.read(asked(`${kind} ${isOne ? 'account' : ''}`, given, (build, at) => make(build, at, isOne))),
    );
    found.push(...rows.map((row) => ({ ...NOTHING, ...row, kind, type })));
  }
  return found;
}

const NOTHING = { appId: null, label: null, date: null, count: null, limit: null, detail: null };
