import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '@/lib/audit/list';
import { hasWork, noteWanted } from '@/lib/feedback/archive/rows';
import { awakened, suspects } from '@/lib/feedback/regression';
import { regroup } from '@/lib/feedback/regroup';
import { dueIssues } from '@/lib/feedback/rule-rows';
import { readJobs } from '@/lib/jobs/rows';
import { countFeedbackTabs } from '@/lib/mirror/query/feedback-tabs';
import { queryMirror } from '@/lib/mirror/query/list';
import type { MirrorQuery } from '@/lib/mirror/query/types';
import { upsertStatements } from '@/lib/mirror/upsert';
import { type Query, type Statement, type Store, statementOf } from '@/lib/store/store';
import { aBuild, aFeedback, aTester } from '../factories/resources';
import { ENGINES } from '../factories/stores';
import { ACCOUNT, addAccount } from '../factories/synced';

const APPS = ['1', '2', '3', '4'];
const PER_APP = 5_000;
/** A page and the row after it, from each app at most. */
const PAGE = 51;

/** The statements of what is asked, as they went to the engine. */
async function asked(db: Store, ask: (watched: Store) => Promise<unknown>): Promise<Statement[]> {
  const statements: Statement[] = [];
  await ask({
    ...db,
    read: <Row>(query: Query<Row>) => {
      statements.push(statementOf(db.dialect, query));
      return db.read<Row>(query);
    },
  });
  return statements;
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Node[];
}

const within = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(within)];

describe.each(ENGINES)('on $name', ({ name, open }) => {
  let db: Store;
  beforeAll(async () => {
    db = await open();
    await addAccount(db);
    const put = (appId: string, resources: ReturnType<typeof aTester>[]) =>
      db.write(
        upsertStatements({ ...{ accountId: ACCOUNT, resources, appId, fetchedAt: 1 }, source: 'sync' }),
      );
    for (const appId of APPS) {
      for (let from = 0; from < PER_APP; from += 1_000) {
        await put(
          appId,
          Array.from({ length: 1_000 }, (_, n) => personOf(from + n)),
        );
      }
    }
    const builds = Array.from({ length: 2_000 }, (_, n) => aBuild(`b${n}`, '1', {})[0]);
    await put(
      '1',
      builds.flatMap((build, n) => (build ? [dated(build, n)] : [])),
    );
    for (let from = 0; from < 2_000; from += 100) {
      const readings = Array.from({ length: 3_000 }, (_, n) => ({
        ...{ accountId: ACCOUNT, appId: '1', buildId: `b${from + (n % 100)}`, readAt: 1 },
        day: new Date(1_700_000_000_000 + Math.floor(n / 100) * 86_400_000).toISOString().slice(0, 10),
        ...{ installCount: n, sessionCount: (n * 7) % 100, crashCount: n % 3 },
      }));
      await db.write([db.build.insertInto('buildDays').values(readings)]);
    }
    await put(
      '1',
      Array.from({ length: 2_000 }, (_, n) => dated(aFeedback(`f${n}`, 'Crash'), n)),
    );
    if (name === 'PostgreSQL') await db.read(CompiledQuery.raw('VACUUM ANALYZE'));
  }, 240_000);
  afterAll(() => db.close());

  /** The rows that were sorted or read past every index, the indexes that were used, and where in them was begun. */
  async function costOf(statements: readonly Statement[]) {
    const indexes = new Set<string>();
    const bounds = new Set<string>();
    let most = 0;
    for (const { sql, params } of statements) {
      if (name === 'PostgreSQL') {
        const [row] = await explained<{ 'QUERY PLAN': [{ Plan: Node }] }>(
          'EXPLAIN (ANALYZE, FORMAT JSON) ',
          sql,
          params,
        );
        for (const node of row ? within(row['QUERY PLAN'][0].Plan) : []) {
          if (node['Index Name']) {
            indexes.add(node['Index Name']);
            bounds.add(node['Index Cond'] ?? '');
          }
          const isSort = node['Node Type'] === 'Sort';
          const read = isSort ? node.Plans?.[0] : node['Node Type'] === 'Seq Scan' ? node : undefined;
          if (!read) continue;
          const rows = read['Actual Rows'] + (isSort ? 0 : (read['Rows Removed by Filter'] ?? 0));
          most = Math.max(most, rows * read['Actual Loops']);
        }
      } else {
        const plan = await explained<{ detail: string }>('EXPLAIN QUERY PLAN ', sql, params);
        const details = plan.map(({ detail }) => detail);
        for (const detail of details) {
          const [, index, bound = ''] = /USING (?:COVERING )?INDEX (\w+)(.*)/.exec(detail) ?? [];
          if (index) {
            indexes.add(index);
            bounds.add(bound);
          }
        }
        // The first rows of each app are merged; whoever is sorted beside that is sorted whole.
        const sorts = details.filter((detail) => detail.endsWith('TEMP B-TREE FOR ORDER BY')).length;
        const merges = sql.includes('"part"') ? 1 : 0;
        if (sorts > merges) most = PER_APP;
      }
    }
    return { most, indexes: [...indexes], bounds: [...bounds] };
  }
  /** The reports that SQLite walks past every index. */
  async function scansOf(statements: readonly Statement[]) {
    const plans = await Promise.all(
      statements.map(({ sql, params }) => explained<{ detail: string }>('EXPLAIN QUERY PLAN ', sql, params)),
    );
    return plans.flat().filter(({ detail }) => /^SCAN [ft]$/.test(detail));
  }
  const explained = <Row>(how: string, sql: string, params: Statement['params']) =>
    db.read<Row>(CompiledQuery.raw(how + sql, [...params]) as CompiledQuery<Row>);

  const TESTERS = [
    ['name', 'betaTesters_accountId_appId_nameLower_emailLower_idx', 'nameLower'],
    ['email', 'betaTesters_accountId_appId_emailLower_idx', 'emailLower'],
    ['state', 'betaTesters_accountId_appId_state_idx', 'state'],
  ] as const;
  const cases = TESTERS.flatMap(([sort, index, column]) =>
    [sort, `-${sort}`].flatMap((by) =>
      [{ apps: ['2'] }, {}].map((filter) => ({
        by,
        index,
        column,
        filter,
        where: 'apps' in filter ? 'an app' : 'all',
      })),
    ),
  );
  it.each(cases)(
    'testers of $where by $by are walked in an index, page after page',
    async ({ by, index, column, filter }) => {
      let cursor: string | undefined;
      for (let page = 0; page < 3; page += 1) {
        const query: MirrorQuery = { sort: [by], filter, limit: PAGE - 1, cursor, now: 1 };
        const statements = await asked(db, async (watched) => {
          cursor = (await queryMirror(watched, 'betaTesters', query)).nextCursor;
        });
        const pages = statements.filter(({ sql }) => sql.includes('"part"'));
        expect(pages.length).toBeGreaterThan(0);
        const { most, indexes, bounds } = await costOf(pages);
        expect(indexes).toContain(index);
        expect(most).toBeLessThanOrEqual(APPS.length * PAGE);
        // A later page begins where the one before ended, instead of walking past all that came before.
        if (page > 0) for (const bound of bounds) expect(bound).toMatch(new RegExp(`${column}\\b`));
      }
    },
  );

  it.each([
    ['builds', /^builds_accountId_appId_uploadedDate_idx$/],
    ['betaFeedbackCrashSubmissions', /^feedback_\w*createdDate_/],
  ] as const)('%s of an app are walked by their dates', async (type, index) => {
    const query = { accountId: ACCOUNT, filter: { app: ['1'] }, limit: PAGE - 1, now: 1 };
    const statements = await asked(db, (watched) => queryMirror(watched, type, query));
    const pages = statements.filter(({ sql }) => /^SELECT t\.\* FROM "(builds|feedback)".* LIMIT/s.test(sql));
    expect(pages.length).toBeGreaterThan(0);
    const { most, indexes } = await costOf(pages);
    expect(indexes.some((one) => index.test(one))).toBe(true);
    expect(most).toBeLessThanOrEqual(PAGE);
  });

  it('of how builds are used a page reads the readings it shows, and who is superseded an index knows', async () => {
    const query = { accountId: ACCOUNT, filter: { app: ['1'] }, limit: PAGE - 1, now: 1 };
    const page = await asked(db, (watched) => queryMirror(watched, 'builds', query));
    const uses = await costOf(page.filter(({ sql }) => /"buildDays"/.test(sql)));
    expect(uses.indexes.join()).toMatch(/buildDays_(pkey|1)/);
    expect(uses.most).toBeLessThanOrEqual(PAGE * 14);
    const narrowed = await asked(db, (watched) =>
      queryMirror(watched, 'builds', { ...query, filter: { app: ['1'], isSuperseded: ['true'] } }),
    );
    const { indexes } = await costOf(narrowed.filter(({ sql }) => /"builds" AS n/.test(sql)));
    expect(indexes).toContain('builds_newest_idx');
  });

  it.each([
    ['all', { view: ['all'] }],
    ['those to be decided', { view: ['review'] }],
    ['those of an app', { view: ['open'], app: ['1'] }],
  ] as const)('reports of the inbox, %s, are walked by their dates, page after page', async (_, filter) => {
    let cursor: string | undefined;
    for (let page = 0; page < 2; page += 1) {
      const query = { filter, limit: PAGE - 1, cursor, now: 1 };
      const statements = await asked(db, async (watched) => {
        cursor = (await queryMirror(watched, 'feedback', query)).nextCursor;
      });
      const pages = statements.filter(({ sql }) => /^SELECT t\.\* FROM "feedback".* LIMIT/s.test(sql));
      expect(pages.length).toBeGreaterThan(0);
      const { most, indexes } = await costOf(pages);
      expect(indexes.join()).toMatch(/_createdDate_id_accountId_idx/);
      expect(most).toBeLessThanOrEqual(PAGE);
    }
  });

  it('the tabs of the inbox look at no report that has an issue', async () => {
    const statements = await asked(db, (watched) =>
      countFeedbackTabs(watched, { type: 'feedback', userId: 'ann', now: 1 }),
    );
    expect(statements).toHaveLength(1);
    // PostgreSQL may skip through any index that has the column, where few values stand before it.
    const { most, bounds } = await costOf(statements);
    expect(bounds.some((bound) => /issueId/.test(bound))).toBe(true);
    expect(most).toBeLessThan(PER_APP);
  });

  it('a worker that has nothing to do looks at no report, picture or issue', async () => {
    const screenshots = [{ url: 'https://example.com/1.png', width: 1, height: 1 }];
    const pictured = Array.from({ length: 300 }, (_, n) => aFeedback(`s${n}`, 'Screenshot', { screenshots }));
    await db.write([
      ...upsertStatements({
        ...{ accountId: ACCOUNT, resources: pictured, appId: '1', fetchedAt: 1 },
        source: 'sync',
      }),
    ]);
    await noteWanted(db);
    await db.write([db.build.updateTable('feedbackPictures').set({ state: 'stored' })]);
    if (name === 'PostgreSQL') await db.read(CompiledQuery.raw('VACUUM ANALYZE'));
    const statements = await asked(db, async (watched) => {
      await noteWanted(watched);
      await hasWork(watched, 1);
      await regroup(watched, { accountId: ACCOUNT, team: {}, clock: { now: () => 1 } });
      await suspects(watched, ACCOUNT);
    });
    const { most, indexes } = await costOf(statements);
    if (name === 'PostgreSQL') return expect(most).toBe(0);
    expect(indexes).toEqual(
      expect.arrayContaining([
        'feedback_type_picturesNoted_idx',
        'feedbackPictures_state_tryAfter_idx',
        'archivedFiles_thumbHash_storedAt_idx',
        'feedback_accountId_rule_issueId_idx',
        'feedback_mayRegress_idx',
      ]),
    );
    const waking = await costOf([statementOf(db.dialect, awakened({ accountId: ACCOUNT }))]);
    expect(waking.indexes).toContain('issues_accountId_snoozedDate_idx');
  });

  it('issues that wait for a log are found once, not looked for issue by issue', async () => {
    const statements = await asked(db, (watched) =>
      dueIssues(watched, { accountId: ACCOUNT, now: 1, most: PAGE }),
    );
    const [{ sql, params } = { sql: '', params: [] }] = statements;
    if (name === 'PostgreSQL') {
      const plan = await explained<{ 'QUERY PLAN': string }>('EXPLAIN ', sql, params);
      expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/hashed SubPlan/);
      return;
    }
    const plan = await explained<{ detail: string }>('EXPLAIN QUERY PLAN ', sql, params);
    const details = plan.map(({ detail }) => detail);
    expect(details).toContain('LIST SUBQUERY 1');
    expect(details.filter((detail) => detail.includes('CORRELATED'))).toEqual([]);
  });

  it('a search of reports goes to the index of words', async () => {
    await db.write([
      db.build.updateTable('feedbackWords').set({ log: 'often used words '.repeat(100) }),
      db.build.updateTable('feedbackWords').set({ log: 'seldom word' }).where('feedbackId', '=', 'f77'),
    ]);
    if (name === 'PostgreSQL') await db.read(CompiledQuery.raw('VACUUM ANALYZE'));
    let found: readonly { readonly id: string }[] = [];
    const statements = await asked(db, async (watched) => {
      found = (await queryMirror(watched, 'feedback', { search: 'seldom', limit: PAGE - 1, now: 1 })).data;
    });
    expect(found.map(({ id }) => id)).toEqual(['f77']);
    const words = statements.filter(({ sql }) => sql.includes('"feedbackWords"'));
    // Rows and their number come of one question, which walks no reports beside the addresses in an index.
    expect(words).toHaveLength(1);
    const { most, indexes } = await costOf(words);
    if (name === 'PostgreSQL') {
      expect(indexes).toContain('feedbackWords_search');
    } else {
      for (const { sql } of words) expect(sql).toContain('"feedbackSearch" MATCH ?');
      expect(indexes).toEqual(
        expect.arrayContaining([
          'feedback_email_accountId_id_idx',
          'feedback_mayHoldAddress_idx',
          'feedback_issueId_createdDate_idx',
          'feedback_accountId_testerId_idx',
          'sqlite_autoindex_feedback_1',
        ]),
      );
      expect(await scansOf(words)).toEqual([]);
    }
    expect(most).toBeLessThanOrEqual(PER_APP);
  });

  it('our own records come newest first by an index', async () => {
    const { build } = db;
    const entries = Array.from({ length: 2_000 }, (_, n) => ({
      ...{ id: `e${n}`, at: n, action: 'update', type: 'apps', status: 'pending', accountId: ACCOUNT },
      ...{ previousHash: '', hash: '' },
    }));
    const jobs = Array.from({ length: 2_000 }, (_, n) => ({
      ...{ id: `j${n}`, kind: 'import', title: '', status: 'done', params: '{}', accountId: ACCOUNT },
      ...{ createdAt: n, updatedAt: n },
    }));
    await db.write([build.insertInto('auditEntries').values(entries), build.insertInto('jobs').values(jobs)]);
    if (name === 'PostgreSQL') await db.read(CompiledQuery.raw('ANALYZE'));
    for (const ask of [
      (watched: Store) => listAudit(watched, { limit: PAGE - 1, cursor: 1_000 }),
      (watched: Store) => readJobs(watched, { limit: PAGE - 1, accountId: ACCOUNT }),
    ]) {
      const pages = (await asked(db, ask)).filter(({ sql }) => / limit /.test(sql));
      expect(pages).toHaveLength(1);
      expect((await costOf(pages)).most).toBeLessThanOrEqual(PAGE);
    }
  });

  it('a search of all testers goes to the index of words', async () => {
    const statements = await asked(db, (watched) =>
      queryMirror(watched, 'betaTesters', { search: 'person 4321', limit: PAGE - 1, now: 1 }),
    );
    const words = statements.filter(({ sql }) => /testerSearch|testerText/.test(sql));
    expect(words.length).toBeGreaterThan(0);
    if (name === 'PostgreSQL') {
      const { most, indexes } = await costOf(words);
      expect(indexes).toContain('betaTesters_search');
      expect(most).toBeLessThanOrEqual(PAGE);
    } else {
      // Its index is a table of its own, which nobody else reads.
      for (const { sql } of words) expect(sql).toContain('"testerSearch" MATCH ?');
    }
  });
});

/** Names that repeat, as they do, people without any, and addresses that some have not. */
function personOf(n: number) {
  const isNameless = n % 5 === 0;
  return aTester(`t${n}`, {
    ...{
      firstName: isNameless ? null : `Person ${n % 4_500}`,
      lastName: isNameless ? null : `Family ${n % 97}`,
    },
    ...{ email: isNameless ? null : `person${n}@example.com` },
    state: ['INSTALLED', 'ACCEPTED', 'INVITED', undefined][n % 4],
  });
}

/** With a date of its own; some have none. */
function dated<Resource extends { attributes?: unknown }>(resource: Resource, n: number): Resource {
  const at = n % 50 === 0 ? null : new Date(1_700_000_000_000 + n * 60_000).toISOString();
  return {
    ...resource,
    attributes: { ...(resource.attributes as object), uploadedDate: at, createdDate: at },
  };
}
