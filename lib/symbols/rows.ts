import { SYMBOLS_TYPE } from '@/lib/feedback/archive/limits';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';

/** Symbols as they stand here. */
export interface SymbolFileRow {
  readonly uuid: string;
  readonly arch: string;
  readonly name: string;
  readonly hash: string;
  readonly size: number;
  readonly textAddress: string;
  readonly textSize: string;
  readonly state: 'coming' | 'stored';
  readonly accountId: string | null;
  readonly appId: string | null;
  readonly isForAll: 0 | 1;
  readonly createdAt: number;
  readonly sentBy: string;
  readonly trouble: string | null;
  readonly tries: number;
  readonly tryAfter: number;
}

const one = shape((build, given: { uuid: string }) =>
  build.selectFrom('symbolFiles').selectAll().where('uuid', '=', given.uuid).$castTo<SymbolFileRow>(),
);

/** Symbols by their UUID. */
export async function symbolFile(db: Store, uuid: string): Promise<SymbolFileRow | undefined> {
  const [row] = await db.read(one({ uuid }));
  return row;
}

const archived = shape((build, given: { hash: string; size: number; place: string; now: number }) =>
  build
    .insertInto('archivedFiles')
    .values({
      ...{ hash: given.hash, type: SYMBOLS_TYPE, size: given.size, place: given.place },
      // It is shown by no picture.
      ...{ thumbHash: '', storedAt: given.now },
    })
    .onConflict((conflict) =>
      conflict.column('hash').doUpdateSet({ place: given.place, storedAt: given.now }),
    ),
);
type Coming = Omit<SymbolFileRow, 'state' | 'trouble' | 'tries' | 'tryAfter'>;
const coming = shape((build, given: Coming) => {
  const facts = {
    ...{ arch: given.arch, name: given.name, hash: given.hash, size: given.size },
    ...{ textAddress: given.textAddress, textSize: given.textSize },
    ...{ accountId: given.accountId, appId: given.appId, isForAll: given.isForAll },
    ...{ createdAt: given.createdAt, sentBy: given.sentBy },
  };
  const fresh = { state: 'coming', trouble: null, tries: 0, tryAfter: 0 };
  return build
    .insertInto('symbolFiles')
    .values({ uuid: given.uuid, ...facts, ...fresh })
    .onConflict((conflict) => conflict.column('uuid').doUpdateSet({ ...facts, ...fresh }));
});

/** Says that bytes are on their way to a place: written first, so that whoever tidies leaves them alone. */
export const comingBytes = (row: Pick<Coming, 'hash' | 'size' | 'createdAt'>, place: string): Write =>
  archived({ hash: row.hash, size: row.size, place, now: row.createdAt });

/** Says so of symbols. What was known of their UUID before is forgotten: not for those that may still be needed. */
export const comingFile = (row: Coming, place: string): Write[] => [comingBytes(row, place), coming(row)];

const stored = shape((build, given: { uuid: string; hash: string }) =>
  build
    .updateTable('symbolFiles')
    .set({ state: 'stored' })
    .where('uuid', '=', given.uuid)
    .where('hash', '=', given.hash),
);

const wantedAgain = shape((build, given: { uuid: string; isForAll: number; appId: string | null }) =>
  build
    .updateTable('symbolNeeds')
    .set({ state: 'wanted' })
    .where('uuid', '=', given.uuid)
    .where('state', '=', 'found')
    .where(({ or, eb, cast, val }) =>
      or([
        eb(cast<number>(val(given.isForAll), 'integer'), '=', 1),
        eb('appId', '=', cast<string>(val(given.appId), 'text')),
      ]),
    ),
);

/** Says that the bytes lie in their place. Logs that others gave names to before want to be read with these, too. */
export const storedSymbols = (row: Pick<SymbolFileRow, 'uuid' | 'hash' | 'isForAll' | 'appId'>): Write[] => [
  stored({ uuid: row.uuid, hash: row.hash }),
  wantedAgain({ uuid: row.uuid, isForAll: row.isForAll, appId: row.appId }),
];

const forAll = shape((build, given: { uuid: string }) =>
  build.updateTable('symbolFiles').set({ isForAll: 1 }).where('uuid', '=', given.uuid),
);

/** Lets symbols that one app's token sent count for every app. */
export const countsForAll = (uuid: string): Write => forAll({ uuid });

const dropped = shape((build, given: { uuid: string }) =>
  build.deleteFrom('symbolFiles').where('uuid', '=', given.uuid),
);
const unarchived = shape((build, given: { hash: string }) =>
  build
    .deleteFrom('archivedFiles')
    .where('hash', '=', given.hash)
    .where('type', '=', SYMBOLS_TYPE)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('symbolFiles as s').select('s.uuid').whereRef('s.hash', '=', 'archivedFiles.hash')),
      ),
    ),
);

/** Takes symbols away; their file goes with `unarchivedSymbols`. */
export const droppedSymbols = (uuid: string): Write => dropped({ uuid });

/** Forgets a file that no symbols have: it changes a row where there was one. */
export const unarchivedSymbols = (hash: string): Write => unarchived({ hash });

interface Trouble {
  readonly uuid: string;
  readonly hash: string;
  readonly trouble: string | null;
  readonly tries: number;
  readonly tryAfter: number;
}

const troubled = shape((build, given: Trouble) =>
  build
    .updateTable('symbolFiles')
    .set({ trouble: given.trouble, tries: given.tries, tryAfter: given.tryAfter })
    .where('uuid', '=', given.uuid)
    .where('hash', '=', given.hash),
);

/** Notes why symbols could not be read, and when to try again; or that they could. */
export const symbolTrouble = (given: Trouble): Write => troubled(given);

const halfDone = shape((build, given: { before: number }) =>
  build
    .selectFrom('symbolFiles')
    .selectAll()
    .where('state', '=', 'coming')
    .where('createdAt', '<', given.before)
    .limit(100)
    .$castTo<SymbolFileRow>(),
);

/** Symbols whose bytes never came, because the process ended. */
export const neverCame = (db: Store, before: number): Promise<SymbolFileRow[]> =>
  db.read(halfDone({ before }));

const stray = shape((build, given: { before: number }) =>
  build
    .selectFrom('archivedFiles as a')
    .select('a.hash')
    .where('a.type', '=', SYMBOLS_TYPE)
    .where('a.storedAt', '<', given.before)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('symbolFiles as s').select('s.uuid').whereRef('s.hash', '=', 'a.hash'))),
    )
    .limit(100)
    .$castTo<{ hash: string }>(),
);

/** Files that no symbols have, because others took their place or a process ended. */
export const strayFiles = (db: Store, before: number): Promise<{ hash: string }[]> =>
  db.read(stray({ before }));

const due = shape((build, given: { accountId: string; now: number }) =>
  build
    .selectFrom('symbolFiles as s')
    .selectAll('s')
    .where('s.state', '=', 'stored')
    .where('s.tryAfter', '<=', given.now)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('symbolNeeds as n')
          .select('n.feedbackId')
          .whereRef('n.uuid', '=', 's.uuid')
          .where('n.state', '=', 'wanted')
          .where('n.accountId', '=', given.accountId)
          .where(({ or, eb, ref }) => or([eb('s.isForAll', '=', 1), eb('n.appId', '=', ref('s.appId'))])),
      ),
    )
    .orderBy('s.createdAt', 'desc')
    .orderBy('s.uuid')
    .limit(1)
    .$castTo<SymbolFileRow>(),
);

/** Symbols that tell something of crashes of an account which these do not say yet. */
export async function dueSymbols(
  db: Store,
  accountId: string,
  now: number,
): Promise<SymbolFileRow | undefined> {
  const [row] = await db.read(due({ accountId, now }));
  return row;
}

/** A log that needs these symbols. */
export interface NeedingLog {
  readonly feedbackId: string;
  readonly bytes: Uint8Array;
  readonly symbols: Uint8Array | null;
}

const needing = shape(
  (
    build,
    given: {
      accountId: string;
      uuid: string;
      hash: string;
      isForAll: number;
      appId: string | null;
      most: number;
    },
  ) =>
    build
      .selectFrom('symbolNeeds as n')
      // Others may have taken their place meanwhile.
      .innerJoin('symbolFiles as s', (join) =>
        join.onRef('s.uuid', '=', 'n.uuid').on('s.hash', '=', given.hash),
      )
      .innerJoin('crashLogs as l', (join) =>
        join.onRef('l.accountId', '=', 'n.accountId').onRef('l.feedbackId', '=', 'n.feedbackId'),
      )
      .select(['n.feedbackId', 'l.bytes', 'l.symbols'])
      .where('n.accountId', '=', given.accountId)
      .where('n.uuid', '=', given.uuid)
      .where('n.state', '=', 'wanted')
      .where(({ or, eb, cast, val }) =>
        or([
          eb(cast<number>(val(given.isForAll), 'integer'), '=', 1),
          eb('n.appId', '=', cast<string>(val(given.appId), 'text')),
        ]),
      )
      .orderBy('n.feedbackId')
      .limit(given.most)
      .$castTo<NeedingLog>(),
);

/** Logs that need symbols, some of them. */
export const needingLogs = (
  db: Store,
  { uuid, hash, isForAll, appId }: SymbolFileRow,
  { accountId, most }: { accountId: string; most: number },
): Promise<NeedingLog[]> => db.read(needing({ accountId, uuid, hash, isForAll, appId, most }));

const kept = shape((build, given: { accountId: string; feedbackId: string; symbols: Buffer; now: number }) =>
  build
    .updateTable('crashLogs')
    .set({ symbols: given.symbols, symbolsAt: given.now })
    .where('accountId', '=', given.accountId)
    .where('feedbackId', '=', given.feedbackId),
);
const found = shape((build, given: { accountId: string; feedbackId: string; uuid: string; hash: string }) =>
  build
    .updateTable('symbolNeeds')
    .set({ state: 'found' })
    .where('accountId', '=', given.accountId)
    .where('feedbackId', '=', given.feedbackId)
    .where('uuid', '=', given.uuid)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('symbolFiles as s')
          .select('s.uuid')
          .where('s.uuid', '=', given.uuid)
          .where('s.hash', '=', given.hash),
      ),
    ),
);
const readAgain = shape((build, given: { accountId: string; feedbackId: string }) =>
  build
    .updateTable('feedback')
    .set({ rule: 0 })
    .where('accountId', '=', given.accountId)
    .where('id', '=', given.feedbackId)
    .where('logState', '=', 'stored'),
);

/**
 * What symbols say of a log; it is grouped anew by it. Null where they say nothing of it. Where others took their place
 * meanwhile those are asked, too.
 */
export const foundNames = (given: {
  accountId: string;
  feedbackId: string;
  uuid: string;
  hash: string;
  symbols: Buffer | null;
  now: number;
}): Write[] => {
  const { accountId, feedbackId, uuid, hash, symbols, now } = given;
  const isFound = found({ accountId, feedbackId, uuid, hash });
  if (symbols === null) return [isFound];
  return [kept({ accountId, feedbackId, symbols, now }), isFound, readAgain({ accountId, feedbackId })];
};

/** A binary whose symbols are missing in a build. */
export interface MissingRow {
  readonly accountId: string;
  readonly buildId: string | null;
  readonly version: string | null;
  readonly trainVersion: string | null;
  readonly platform: string | null;
  readonly uploadedDate: string | null;
  readonly uuid: string;
  readonly name: string;
  readonly arch: string | null;
  readonly reports: number;
}

/** Where a page of missing symbols begins: after this one, in the order of `missingSymbols`. */
export interface MissingPlace {
  /** Of the build's upload; '' where none is known, which stands last. */
  readonly date: string;
  readonly buildId: string;
  readonly uuid: string;
}

/** Before all others. */
export const FIRST_MISSING: MissingPlace = { date: '~', buildId: '', uuid: '' };

type AskedMissing = MissingPlace & {
  readonly accountId: string;
  readonly appId: string;
  /** Null for all. */
  readonly build: string | null;
  readonly most: number;
};

const missing = shape((build, given: AskedMissing) =>
  build
    .selectFrom('symbolNeeds as n')
    .innerJoin('feedback as f', (join) =>
      join.onRef('f.accountId', '=', 'n.accountId').onRef('f.id', '=', 'n.feedbackId'),
    )
    .leftJoin('builds as b', (join) =>
      join.onRef('b.accountId', '=', 'f.accountId').onRef('b.id', '=', 'f.buildId'),
    )
    .select(({ fn }) => [
      ...([
        'n.accountId',
        'f.buildId',
        'b.version',
        'b.trainVersion',
        'b.platform',
        'b.uploadedDate',
      ] as const),
      'n.uuid',
      fn.min<string>('n.name').as('name'),
      fn.min<string | null>('n.arch').as('arch'),
      fn.countAll<number>().as('reports'),
    ])
    .where('n.accountId', '=', given.accountId)
    .where('n.appId', '=', given.appId)
    .where('n.state', '=', 'wanted')
    .where(({ or, eb, cast, val }) =>
      or([
        eb(cast<string>(val(given.build), 'text'), 'is', null),
        eb('f.buildId', '=', cast<string>(val(given.build), 'text')),
      ]),
    )
    .where(({ or, and, eb, fn, val }) => {
      const date = fn.coalesce('b.uploadedDate', val(''));
      const buildId = fn.coalesce('f.buildId', val(''));
      return or([
        eb(date, '<', given.date),
        and([eb(date, '=', given.date), eb(buildId, '>', given.buildId)]),
        and([eb(date, '=', given.date), eb(buildId, '=', given.buildId), eb('n.uuid', '>', given.uuid)]),
      ]);
    })
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('symbolFiles as s')
            .select('s.uuid')
            .whereRef('s.uuid', '=', 'n.uuid')
            .where('s.state', '=', 'stored')
            .where(({ or, eb, ref }) => or([eb('s.isForAll', '=', 1), eb('s.appId', '=', ref('n.appId'))])),
        ),
      ),
    )
    .groupBy([
      'n.accountId',
      'f.buildId',
      'b.version',
      'b.trainVersion',
      'b.platform',
      'b.uploadedDate',
      'n.uuid',
    ])
    .orderBy('b.uploadedDate', (by) => by.desc().nullsLast())
    .orderBy('f.buildId', (by) => by.asc().nullsFirst())
    .orderBy('n.uuid')
    .limit(given.most)
    .$castTo<MissingRow>(),
);

/** Symbols that crashes of an app need and that are not here, newest build first. */
export const missingSymbols = (db: Store, given: AskedMissing): Promise<MissingRow[]> =>
  db.read(missing(given));

/** Where a page of stored symbols begins: after this one, the newest first. */
export interface StoredPlace {
  readonly createdAt: number;
  readonly uuid: string;
}

/** Before all others. */
export const FIRST_STORED: StoredPlace = { createdAt: Number.MAX_SAFE_INTEGER, uuid: '' };

type AskedStored = StoredPlace & {
  readonly accountId: string;
  readonly appId: string;
  readonly most: number;
};

const ofApp = shape((build, given: AskedStored) =>
  build
    .selectFrom('symbolFiles as s')
    .selectAll('s')
    .select(({ selectFrom }) =>
      selectFrom('symbolNeeds as n')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('n.uuid', '=', 's.uuid')
        .where('n.accountId', '=', given.accountId)
        .where('n.appId', '=', given.appId)
        .as('reports'),
    )
    .where('s.state', '=', 'stored')
    .where(({ or, and, eb }) =>
      or([
        eb('s.createdAt', '<', given.createdAt),
        and([eb('s.createdAt', '=', given.createdAt), eb('s.uuid', '>', given.uuid)]),
      ]),
    )
    .where(({ or, and, eb, exists, selectFrom }) =>
      or([
        and([eb('s.accountId', '=', given.accountId), eb('s.appId', '=', given.appId)]),
        eb('s.appId', 'is', null),
        exists(
          selectFrom('symbolNeeds as n')
            .select('n.uuid')
            .whereRef('n.uuid', '=', 's.uuid')
            .where('n.accountId', '=', given.accountId)
            .where('n.appId', '=', given.appId),
        ),
      ]),
    )
    .orderBy('s.createdAt', 'desc')
    .orderBy('s.uuid')
    .limit(given.most)
    .$castTo<SymbolFileRow & { reports: number | null }>(),
);

/** Symbols that are here for an app: sent for it, needed by it, or sent for none in particular. */
export const symbolsOfApp = (
  db: Store,
  given: AskedStored,
): Promise<(SymbolFileRow & { reports: number | null })[]> => db.read(ofApp(given));

const waiting = shape((build, given: { uuids: readonly string[]; appId: string | null }, { among }) =>
  build
    .selectFrom('symbolNeeds')
    .select(({ fn }) => ['uuid', fn.countAll<number>().as('reports')])
    .where(({ ref }) => among(ref('uuid'), given.uuids))
    .where(({ or, eb, cast, val }) =>
      or([
        eb(cast<string>(val(given.appId), 'text'), 'is', null),
        eb('appId', '=', cast<string>(val(given.appId), 'text')),
      ]),
    )
    .groupBy('uuid'),
);

/** How many crash reports have calls in each of these binaries without a name in the log; of one app, or of all. */
export async function reportsNeeding(
  db: Store,
  uuids: readonly string[],
  appId: string | null,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.read(waiting({ uuids, appId }));
  return new Map(rows.map(({ uuid, reports }) => [uuid, Number(reports)]));
}

const ofReport = shape((build, given: { accountId: string; feedbackId: string }) =>
  build
    .selectFrom('symbolNeeds as n')
    .leftJoin('symbolFiles as s', (join) =>
      join
        .onRef('s.uuid', '=', 'n.uuid')
        .on('s.state', '=', 'stored')
        .on(({ or, eb, ref }) => or([eb('s.isForAll', '=', 1), eb('s.appId', '=', ref('n.appId'))])),
    )
    .select(['n.uuid', 'n.name', 'n.state', 's.uuid as stored', 's.trouble'])
    .where('n.accountId', '=', given.accountId)
    .where('n.feedbackId', '=', given.feedbackId)
    .orderBy('n.uuid'),
);

/** What one report needs symbols of, and whether they are here. */
export const needsOfReport = (db: Store, given: { accountId: string; feedbackId: string }) =>
  db.read(ofReport(given));
