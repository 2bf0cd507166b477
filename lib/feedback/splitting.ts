import { randomUUID } from 'node:crypto';
import { RULE } from '@/lib/crash/signature';
import { exactly, type Store, type Write } from '@/lib/store/store';
import { recounted } from './counts';
import { appOf, type By, type Placement, putInto, reportsOf, touched } from './placement';
import { type Back, followed } from './take-back';

/** Makes an issue of its own of some variants of another, and of whatever comes with their hashes from now on. */
export async function splitVariants(
  db: Store,
  { issueId, variants, ...by }: By & { readonly issueId: string; readonly variants: readonly string[] },
): Promise<Placement & { readonly issueId: string }> {
  const made = randomUUID();
  const hashes = [...new Set(variants)];
  const known = await db.read(
    db.build
      .selectFrom('issueAliases')
      .select(['appId', 'hash', 'issueId', 'source', 'rule'])
      .where('accountId', '=', by.accountId)
      .where(({ ref }) => db.dialect.among(ref('hash'), hashes))
      .where('appId', 'in', appOf(db, issueId)),
  );
  const [app] = await db.read(appOf(db, issueId));
  const appId = app?.appId ?? '';
  return {
    issueId: made,
    writes: [
      exactly(1, touched(db, by, issueId)),
      madeLike(db, by, made, issueId),
      ...hashes.map((hash) =>
        db.build
          .insertInto('issueAliases')
          .values({
            accountId: by.accountId,
            appId,
            hash,
            issueId: made,
            rule: RULE,
            source: 'split',
            createdAt: by.now,
          })
          .onConflict((conflict) =>
            conflict
              .columns(['accountId', 'appId', 'hash'])
              .doUpdateSet({ issueId: made, source: 'split', rule: RULE }),
          ),
      ),
      followed(db, by.accountId, [issueId]),
      namedByNewest(db, made),
      recounted({ issueIds: [issueId, made] }),
    ],
    takeBack: {
      accountId: by.accountId,
      to: made,
      reports: [],
      aliases: hashes.map(
        (hash): Back['aliases'][number] =>
          known.find((alias) => alias.hash === hash) ?? {
            appId,
            hash,
            issueId: null,
            source: '',
            rule: RULE,
          },
      ),
      notes: [],
      labels: [],
      merged: [],
      made: { issueId: made, from: issueId },
    },
  };
}

/** Makes an issue of its own of single reports, which no rule moves from then on. */
export async function splitReports(
  db: Store,
  { issueId, reportIds, ...by }: By & { readonly issueId: string; readonly reportIds: readonly string[] },
): Promise<Placement & { readonly issueId: string }> {
  const made = randomUUID();
  const reports = await reportsOf(db, by.accountId, reportIds);
  const here = reports.filter((report) => report.issueId === issueId);
  return {
    issueId: made,
    writes: [
      exactly(1, touched(db, by, issueId)),
      madeLike(db, by, made, issueId),
      exactly(here.length, putInto(db, by.accountId, here, made)),
      namedByNewest(db, made),
      recounted({ issueIds: [issueId, made] }),
    ],
    takeBack: {
      accountId: by.accountId,
      to: made,
      reports: here,
      aliases: [],
      notes: [],
      labels: [],
      merged: [],
      made: { issueId: made, from: issueId },
    },
  };
}

function madeLike(db: Store, { accountId, now, by }: By, made: string, issueId: string): Write {
  return exactly(
    1,
    db.build
      .insertInto('issues')
      .columns(['id', 'accountId', 'appId', 'kind', 'title', 'createdAt', 'updatedAt', 'updatedBy'])
      .expression(
        db.build
          .selectFrom('issues as i')
          .select((eb) => [
            eb.cast<string>(eb.val(made), 'text').as('id'),
            'i.accountId',
            'i.appId',
            eb.cast<string>(eb.val('crash'), 'text').as('kind'),
            'i.title',
            eb.cast<number>(eb.val(now), 'bigint').as('createdAt'),
            eb.cast<number>(eb.val(now), 'bigint').as('updatedAt'),
            eb.cast<string>(eb.val(by), 'text').as('updatedBy'),
          ])
          .where('i.accountId', '=', accountId)
          .where('i.id', '=', issueId),
      ),
  );
}

/** What was made by hand is called after its newest report. */
function namedByNewest(db: Store, issueId: string): Write {
  const newest = (column: 'crashKind' | 'topFrame') =>
    db.build
      .selectFrom('feedback as f')
      .select(`f.${column}`)
      .where('f.issueId', '=', issueId)
      .orderBy('f.createdDate', (by) => by.desc().nullsLast())
      .limit(1);
  return db.build
    .updateTable('issues')
    .set({ crashKind: newest('crashKind'), topFrame: newest('topFrame') })
    .where('id', '=', issueId);
}
