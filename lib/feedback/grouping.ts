import { randomUUID } from 'node:crypto';
import type { Builder } from '@/lib/store/builder';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';
import { type Alias, aliasesOf, keyOf } from './alias-rows';
import { recounted } from './counts';
import { emptied } from './emptied';
import { neededWrites } from './needed';
import type { Reading } from './reading';
import { rulesDueOf } from './rule-rows';

/** A report as grouping knows it before. */
export interface Grouped {
  readonly accountId: string;
  readonly appId: string;
  readonly id: string;
  readonly issueId: string;
  readonly issueHash: string | null;
  readonly variantHash: string | null;
  readonly isPlaced: number;
}

/** A report with what its log says. */
export interface ReadReport {
  readonly report: Grouped;
  readonly reading: Reading;
}

/**
 * What puts reports of an account into the issues that their hashes mean: that of the variant if a person made one, else
 * that of the issue, else a new one. Where all reports of an issue get the same new hash the issue stays what it is, with
 * all that was said of it. To be written by `movingReports`, so that two workers make one issue of two like reports.
 */
export async function groupingWrites(
  db: Store,
  accountId: string,
  reports: readonly ReadReport[],
  now: number,
): Promise<Write[]> {
  const aliases = await aliasesOf(
    db,
    accountId,
    reports.flatMap(({ report, reading }) => [
      report.issueHash,
      report.variantHash,
      reading.issueHash,
      reading.variantHash,
    ]),
  );
  const writes: Write[] = [];
  /** Issues that reports may have left, with the last that did. */
  const left = new Map<string, string>();
  const moved: string[] = [];
  const known = await framesBefore(db, accountId, reports);
  const reframed: string[] = [];
  for (const { report, reading } of reports) {
    const { title, words, needed: _, frames = '', ...columns } = reading;
    writes.push(read({ ...columns, accountId, id: report.id }), found({ accountId, id: report.id, words }));
    // Of calls that were not known before rules may say something.
    if (frames !== (known.get(report.id) ?? '')) {
      writes.push(framed({ accountId, feedbackId: report.id, frames }));
      reframed.push(report.id);
    }
    const place = placeOf(aliases, report, reading);
    if (place === null) continue;
    const { appId, id, issueId: former } = report;
    const facts: Facts = {
      ...{ accountId, appId, id, former, title, now, fresh: randomUUID() },
      ...{ issueHash: reading.issueHash ?? '', variantHash: reading.variantHash ?? '' },
      ...{ rule: reading.rule, crashKind: reading.crashKind, topFrame: reading.topFrame },
    };
    for (const alias of place.carried) writes.push(carried({ ...facts, ...alias }));
    if (place.target === null) writes.push(claimed(facts), begun(facts), made(facts));
    writes.push(placed(facts), ...(place.carried.length > 0 ? [followed(facts)] : []));
    writes.push(weighed(facts), named(facts));
    for (const issueId of [former, ...(place.target === null ? [] : [place.target])]) left.set(issueId, id);
    moved.push(id);
  }
  // Once for each issue, not for each report: most leave an issue that others are still in.
  for (const [former, reportId] of left) writes.push(...emptied({ accountId, former, reportId, now }));
  writes.push(...neededWrites(accountId, reports));
  if (reframed.length > 0) writes.push(rulesDueOf({ accountId, reportIds: reframed }));
  if (moved.length > 0) writes.push(recounted({ issueIds: [...left.keys()], accountId, reportIds: moved }));
  return writes;
}

interface Place {
  /** As far as it is known. */
  readonly target: string | null;
  /** What a person said of the hashes that it had before, to be said of its new ones as well. */
  readonly carried: readonly { readonly hash: string; readonly issueId: string; readonly source: string }[];
}

/** Where a report belongs; null where it stays. */
function placeOf(aliases: ReadonlyMap<string, Alias>, report: Grouped, reading: Reading): Place | null {
  const { issueHash, variantHash } = reading;
  if (issueHash === null || variantHash === null || report.isPlaced) return null;
  const of = (hash: string | null) => (hash === null ? undefined : aliases.get(keyOf(report.appId, hash)));
  const carriedTo = (hash: string, former: string | null) => {
    const alias = hash === former ? undefined : of(former);
    const isTold = alias === undefined || alias.source === 'rule' || (of(hash)?.source ?? 'rule') !== 'rule';
    return isTold ? [] : [{ hash, issueId: alias.issueId, source: alias.source }];
  };
  const carried = [...carriedTo(issueHash, report.issueHash), ...carriedTo(variantHash, report.variantHash)];
  const target = of(variantHash)?.issueId ?? of(issueHash)?.issueId ?? null;
  return target === report.issueId && carried.length === 0 ? null : { target, carried };
}

interface Facts {
  readonly accountId: string;
  readonly appId: string;
  readonly id: string;
  /** Where the report was. */
  readonly former: string;
  readonly issueHash: string;
  readonly variantHash: string;
  readonly rule: number;
  readonly crashKind: string | null;
  readonly topFrame: string | null;
  readonly title: string;
  /** The id of an issue that may become necessary. */
  readonly fresh: string;
  readonly now: number;
}

const read = shape(
  (
    build,
    given: Omit<Reading, 'title' | 'words' | 'needed' | 'frames'> & { accountId: string; id: string },
  ) =>
    build
      .updateTable('feedback')
      .set({
        rule: given.rule,
        issueHash: given.issueHash,
        variantHash: given.variantHash,
        exceptionType: given.exceptionType,
        crashKind: given.crashKind,
        topFrame: given.topFrame,
        isSymbolicated: given.isSymbolicated,
      })
      .where('accountId', '=', given.accountId)
      .where('id', '=', given.id),
);

const found = shape((build, given: { accountId: string; id: string; words: string }) =>
  build
    .updateTable('feedbackWords')
    .set({ log: given.words })
    .where('accountId', '=', given.accountId)
    .where('feedbackId', '=', given.id)
    // The index of words costs more than all the rest.
    .where('log', '<>', given.words),
);

async function framesBefore(db: Store, accountId: string, reports: readonly ReadReport[]) {
  const rows = await db.read(
    db.build
      .selectFrom('crashFrames')
      .select(['feedbackId', 'frames'])
      .where('accountId', '=', accountId)
      .where(({ ref }) =>
        db.dialect.among(
          ref('feedbackId'),
          reports.map(({ report }) => report.id),
        ),
      ),
  );
  return new Map(rows.map(({ feedbackId, frames }) => [feedbackId, frames]));
}

const framed = shape((build, given: { accountId: string; feedbackId: string; frames: string }) =>
  build
    .insertInto('crashFrames')
    .values({ accountId: given.accountId, feedbackId: given.feedbackId, frames: given.frames })
    .onConflict((conflict) =>
      conflict.columns(['accountId', 'feedbackId']).doUpdateSet({ frames: given.frames }),
    ),
);

/** Of what a person says of a hash no rule says otherwise. */
const carried = shape((build, given: Facts & { hash: string; issueId: string; source: string }) =>
  build
    .insertInto('issueAliases')
    .values({
      accountId: given.accountId,
      appId: given.appId,
      hash: given.hash,
      issueId: given.issueId,
      rule: given.rule,
      source: given.source,
      createdAt: given.now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['accountId', 'appId', 'hash'])
        .doUpdateSet({ issueId: given.issueId, source: given.source })
        .where('issueAliases.source', '=', 'rule'),
    ),
);

/** A new hash means the issue that the report is in, unless that stands for another hash by a report that was read. */
const claimed = shape((build, given: Facts) =>
  build
    .insertInto('issueAliases')
    .columns(['accountId', 'appId', 'hash', 'issueId', 'rule', 'source', 'createdAt'])
    .expression(
      build
        .selectFrom('feedback as f')
        .select((eb) => [
          'f.accountId',
          'f.appId',
          eb.cast<string>(eb.val(given.issueHash), 'text').as('hash'),
          'f.issueId',
          eb.cast<number>(eb.val(given.rule), 'integer').as('rule'),
          eb.cast<string>(eb.val('rule'), 'text').as('source'),
          eb.cast<number>(eb.val(given.now), 'bigint').as('createdAt'),
        ])
        .where('f.accountId', '=', given.accountId)
        .where('f.id', '=', given.id)
        .where('f.isPlaced', '=', 0)
        .where('f.issueId', 'is not', null)
        .$narrowType<{ issueId: string }>()
        .where(({ not, exists }) => not(exists(ofVariant(build, given))))
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('feedback as o')
                .innerJoin('issueAliases as a', (join) =>
                  join
                    .onRef('a.accountId', '=', 'o.accountId')
                    .onRef('a.appId', '=', 'o.appId')
                    .onRef('a.hash', '=', 'o.issueHash')
                    .onRef('a.issueId', '=', 'o.issueId'),
                )
                .select('o.id')
                .whereRef('o.issueId', '=', 'f.issueId')
                .where('o.issueHash', '<>', given.issueHash)
                .where('o.rule', '=', given.rule)
                .where('o.isPlaced', '=', 0)
                .where('a.source', '=', 'rule'),
            ),
          ),
        ),
    )
    .onConflict((conflict) => conflict.columns(['accountId', 'appId', 'hash']).doNothing()),
);

/** Else it means a new one. */
const begun = shape((build, given: Facts) =>
  build
    .insertInto('issueAliases')
    .columns(['accountId', 'appId', 'hash', 'issueId', 'rule', 'source', 'createdAt'])
    .expression(
      build
        .selectFrom('feedback as f')
        .select((eb) => [
          'f.accountId',
          'f.appId',
          eb.cast<string>(eb.val(given.issueHash), 'text').as('hash'),
          eb.cast<string>(eb.val(given.fresh), 'text').as('issueId'),
          eb.cast<number>(eb.val(given.rule), 'integer').as('rule'),
          eb.cast<string>(eb.val('rule'), 'text').as('source'),
          eb.cast<number>(eb.val(given.now), 'bigint').as('createdAt'),
        ])
        .where('f.accountId', '=', given.accountId)
        .where('f.id', '=', given.id)
        .where('f.isPlaced', '=', 0)
        .where(({ not, exists }) => not(exists(ofVariant(build, given)))),
    )
    .onConflict((conflict) => conflict.columns(['accountId', 'appId', 'hash']).doNothing()),
);

const made = shape((build, given: Facts) =>
  build
    .insertInto('issues')
    .columns(['id', 'accountId', 'appId', 'kind', 'title', 'createdAt', 'updatedAt'])
    .expression(
      build
        .selectFrom('issueAliases as a')
        .select((eb) => [
          'a.issueId',
          'a.accountId',
          'a.appId',
          eb.cast<string>(eb.val('crash'), 'text').as('kind'),
          eb.cast<string>(eb.val(''), 'text').as('title'),
          eb.cast<number>(eb.val(given.now), 'bigint').as('createdAt'),
          eb.cast<number>(eb.val(given.now), 'bigint').as('updatedAt'),
        ])
        .where('a.accountId', '=', given.accountId)
        .where('a.appId', '=', given.appId)
        .where('a.hash', '=', given.issueHash)
        .where('a.issueId', '=', given.fresh),
    )
    .onConflict((conflict) => conflict.column('id').doNothing()),
);

const placed = shape((build, given: Facts) =>
  build
    .updateTable('feedback')
    .set(({ fn, ref }) => ({
      issueId: fn.coalesce(ofVariant(build, given), ofIssue(build, given), ref('issueId')),
    }))
    .where('accountId', '=', given.accountId)
    .where('id', '=', given.id)
    .where('isPlaced', '=', 0),
);

/** The others that have the hash of which a person said something. */
const followed = shape((build, given: Facts) =>
  build
    .updateTable('feedback')
    .set(({ fn, ref, selectFrom }) => ({
      issueId: fn.coalesce(
        selectFrom('issueAliases as v')
          .select('v.issueId')
          .where('v.accountId', '=', given.accountId)
          .where('v.appId', '=', given.appId)
          .whereRef('v.hash', '=', 'feedback.variantHash'),
        ofIssue(build, given),
        ref('feedback.issueId'),
      ),
    }))
    .where('feedback.accountId', '=', given.accountId)
    .where('feedback.appId', '=', given.appId)
    .where('feedback.issueHash', '=', given.issueHash)
    .where('feedback.isPlaced', '=', 0),
);

/** What came to an issue that was resolved is looked at when its build is known. */
const weighed = shape((build, given: Facts) =>
  build
    .updateTable('feedback')
    .set({ mayRegress: 1 })
    .where('feedback.accountId', '=', given.accountId)
    .where('feedback.id', '=', given.id)
    .where('feedback.issueId', '<>', given.former)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('issues as i')
          .select('i.id')
          .whereRef('i.id', '=', 'feedback.issueId')
          .where('i.status', '=', 'resolved'),
      ),
    ),
);

/** What an issue is called after: a report of its own hash, not of one that a person has put to it. */
const named = shape((build, given: Facts) =>
  build
    .updateTable('issues')
    .set({ kind: 'crash', crashKind: given.crashKind, topFrame: given.topFrame, title: given.title })
    // One value: for a list SQLite goes through all issues.
    .where(({ eb, selectFrom }) =>
      eb(
        'issues.id',
        '=',
        selectFrom('feedback as f')
          .select('f.issueId')
          .where('f.accountId', '=', given.accountId)
          .where('f.id', '=', given.id)
          .where('f.isPlaced', '=', 0)
          .$narrowType<{ issueId: string }>(),
      ),
    )
    .where(({ or, eb, exists, selectFrom }) =>
      or([
        eb('issues.crashKind', 'is', null),
        exists(
          selectFrom('issueAliases as a')
            .select('a.hash')
            .where('a.accountId', '=', given.accountId)
            .where('a.appId', '=', given.appId)
            .where('a.hash', '=', given.issueHash)
            .whereRef('a.issueId', '=', 'issues.id')
            .where('a.source', '=', 'rule'),
        ),
      ]),
    ),
);

type Hashes = Pick<Facts, 'accountId' | 'appId' | 'issueHash' | 'variantHash'>;
const ofVariant = (build: Builder, given: Hashes) =>
  build
    .selectFrom('issueAliases as v')
    .select('v.issueId')
    .where('v.accountId', '=', given.accountId)
    .where('v.appId', '=', given.appId)
    .where('v.hash', '=', given.variantHash);
const ofIssue = (build: Builder, given: Hashes) =>
  build
    .selectFrom('issueAliases as h')
    .select('h.issueId')
    .where('h.accountId', '=', given.accountId)
    .where('h.appId', '=', given.appId)
    .where('h.hash', '=', given.issueHash);
