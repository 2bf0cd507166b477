import { setImmediate as breathe } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { redactEntries } from '@/lib/audit/redaction';
import { inTurn, type Turn } from '@/lib/feedback/archive/archive';
import { removeUnused, sweep } from '@/lib/feedback/archive/keep';
import { archivePlaces } from '@/lib/feedback/archive/places';
import { ownIssueId, titleOf } from '@/lib/feedback/intake';
import { unzipped } from '@/lib/feedback/logs';
import { searchedText } from '@/lib/mirror/text';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';
import { auditActor } from '../audited';
import type { Ctx } from '../ctx';
import { alertsErased } from './alerts';
import { entriesAbout, redactedOf } from './audit-entries';
import { commentErased, reportsErased } from './erased-reports';
import { type ErasureStep, FEEDBACK_TYPES, HOLDINGS, mentioningReports, UNSETTLED } from './inventory';
import { redactorOf } from './redact';
import { rowErased, rowsAbout, TEXT_TABLES, type TextTable } from './text-tables';
import { findPerson, type Person } from './who';

/** An erasure while somebody works on it. */
export interface Erasing {
  readonly ctx: Ctx;
  readonly turn: Turn;
  readonly id: string;
  readonly address: string;
  readonly hash: string;
  readonly pseudonym: string;
}

/** What a step could not do yet, and why; null when it is through. */
export type Left = string | null;

const PORTION = 100;
/** Entries that are so young may still get their outcome, ms. */
const YOUNG_MS = 10 * 60_000;

/** What each step does. Each may be broken off anywhere and begun again: what is done is not found any more. */
export const STEPS: Readonly<Record<ErasureStep, (run: Erasing) => Promise<Left>>> = {
  audit: redactTrail,
  words: eraseWords,
  records: eraseRecords,
  reports: eraseReports,
  mentions: eraseMentions,
  files: eraseFiles,
};

async function redactTrail({ ctx, turn, address, pseudonym }: Erasing): Promise<Left> {
  const person = await findPerson(ctx, address);
  const now = ctx.clock.now();
  const found = redactedOf(await entriesAbout(ctx, person), person, redactorOf(person, pseudonym));
  const settled = found.filter(({ row }) => row.status !== 'pending' || row.at < now - YOUNG_MS);
  for (const entries of portions(settled)) {
    if (turn.signal.aborted) return 'It was interrupted.';
    const draft = { ...auditActor(ctx.actor), at: now, label: pseudonym, requestId: ctx.requestId };
    await redactEntries(ctx.db, draft, entries, turn.write);
  }
  return settled.length < found.length ? 'A change that concerns the person is under way.' : null;
}

async function eraseWords({ ctx, turn, address, pseudonym }: Erasing): Promise<Left> {
  const person = await findPerson(ctx, address);
  const { db } = ctx;
  const titles = [...new Set(person.reports.map(({ comment }) => titleOf(comment)))].filter(Boolean);
  const issueIds = person.reports.flatMap(({ accountId, id, issueId }) => [
    ownIssueId(accountId, id),
    ...(issueId === null ? [] : [issueId]),
  ]);
  await turn.write([
    db.build
      .updateTable('issues')
      .set(({ eb }) => ({ title: '', version: eb('version', '+', 1) }))
      .where(({ ref }) => db.dialect.among(ref('id'), issueIds))
      .where(({ ref }) => db.dialect.among(ref('title'), titles)),
    // All of it is about the report.
    db.build
      .updateTable('handovers')
      .set({ title: pseudonym, body: '' })
      .where('state', 'not in', UNSETTLED)
      .where(({ ref }) =>
        db.dialect.among(
          ref('feedbackId'),
          person.reports.map(({ id }) => id),
        ),
      ),
  ]);
  for (const table of Object.values(TEXT_TABLES) as TextTable[]) {
    const redactor = redactorOf(person, pseudonym, { isToBeSent: table.isToBeSent === true });
    const rows = await rowsAbout(ctx, table, person, redactor);
    if (table.table === 'jobItems')
      await turn.write(
        await draftsDropped(
          ctx,
          rows.map(({ jobId }) => String(jobId)),
        ),
      );
    const writes = rows.flatMap((row) => rowErased(ctx, table, redactor, row) ?? []);
    for (const some of portions(writes)) await turn.write(some);
  }
  return null;
}

/** Jobs that nobody has begun are thrown away with their items: what they would do is about the person. */
async function draftsDropped({ db }: Ctx, jobIds: readonly string[]): Promise<Write[]> {
  const drafts = await db.read(
    db.build
      .selectFrom('jobs')
      .select('id')
      .where('status', '=', 'draft')
      .where(({ ref }) => db.dialect.among(ref('id'), jobIds)),
  );
  const ids = drafts.map(({ id }) => id);
  if (ids.length === 0) return [];
  return [
    db.build.deleteFrom('jobItems').where(({ ref }) => db.dialect.among(ref('jobId'), ids)),
    db.build.deleteFrom('jobs').where(({ ref }) => db.dialect.among(ref('id'), ids)),
  ];
}

interface DocumentKey {
  readonly accountId: string;
  readonly type: string;
  readonly id: string;
}

async function eraseRecords({ ctx, turn, id, address, pseudonym }: Erasing): Promise<Left> {
  const { db } = ctx;
  const person = await findPerson(ctx, address);
  const documents = HOLDINGS.find(({ kind }) => kind === 'documents');
  const kept = (await documents?.find(ctx, person, redactorOf(person, pseudonym))) ?? [];
  // Former versions kept what they were told of feedback, whose ever it was; nobody asks for that any more.
  await turn.write([
    db.build.deleteFrom('documents').where('type', '=', 'answers').where('parent', 'in', FEEDBACK_TYPES),
  ]);
  for (const some of portions(kept.map(({ data }) => data as DocumentKey)))
    await turn.write(
      some.map((key) =>
        db.build
          .deleteFrom('documents')
          .where('accountId', '=', key.accountId)
          .where('type', '=', key.type)
          .where('id', '=', key.id),
      ),
    );
  await turn.write(alertsErased(ctx, address));
  const marked = await db.read(
    db.build.selectFrom('erasedTesters').select(['accountId', 'testerId']).where('erasureId', '=', id),
  );
  for (const { accountId, testerId } of marked) {
    const { build } = db;
    await turn.write([
      // Protection from pruning says nothing of the person, and somebody counts on it.
      build
        .updateTable('testerNotes')
        .set({ note: null })
        .where('accountId', '=', accountId)
        .where('testerId', '=', testerId)
        .where('protected', '=', 1),
      build
        .deleteFrom('testerNotes')
        .where('accountId', '=', accountId)
        .where('testerId', '=', testerId)
        .where('protected', '=', 0),
      build.deleteFrom('testerTags').where('accountId', '=', accountId).where('testerId', '=', testerId),
      build.deleteFrom('testerEvents').where('accountId', '=', accountId).where('testerId', '=', testerId),
      build.deleteFrom('testerDays').where('accountId', '=', accountId).where('testerId', '=', testerId),
    ]);
  }
  return null;
}

async function eraseReports({ ctx, turn, id, address, hash }: Erasing): Promise<Left> {
  const { db } = ctx;
  const { reports } = await findPerson(ctx, address);
  for (const accountId of new Set(reports.map((report) => report.accountId))) {
    for (const some of portions(reports.filter((report) => report.accountId === accountId))) {
      if (turn.signal.aborted) return 'It was interrupted.';
      const files = await filesOf(ctx, accountId, some);
      const [row] = await db.read(db.build.selectFrom('erasures').select('files').where('id', '=', id));
      const all = [...new Set([...((JSON.parse(row?.files ?? '[]') as string[]) ?? []), ...files])];
      await turn.write([
        ...reportsErased(ctx, { erasureId: id, hash, accountId }, some),
        // Together with the rows that named them, so that no bytes are forgotten.
        db.build
          .updateTable('erasures')
          .set({ files: JSON.stringify(all) })
          .where('id', '=', id),
      ]);
      await breathe();
    }
  }
  return null;
}

async function filesOf({ db }: Ctx, accountId: string, reports: Person['reports']): Promise<string[]> {
  const { build, dialect } = db;
  const ids = reports.map((report) => report.id);
  const named = build
    .selectFrom('feedbackPictures as p')
    .select('p.hash')
    .where('p.accountId', '=', accountId)
    .where(({ ref }) => dialect.among(ref('p.feedbackId'), ids))
    .union(
      build
        .selectFrom('feedbackDrawings as d')
        .select('d.hash')
        .where('d.accountId', '=', accountId)
        .where(({ ref }) => dialect.among(ref('d.feedbackId'), ids)),
    );
  const rows = await db.read(
    build
      .selectFrom(named.as('n'))
      .leftJoin('archivedFiles as a', 'a.hash', 'n.hash')
      .select(['n.hash', 'a.thumbHash'])
      .where('n.hash', 'is not', null),
  );
  return rows.flatMap(({ hash, thumbHash }) =>
    [hash, thumbHash].filter((one): one is string => Boolean(one)),
  );
}

async function eraseMentions(run: Erasing): Promise<Left> {
  const { ctx, turn, id, address, pseudonym } = run;
  const person = await findPerson(ctx, address);
  const redactor = redactorOf(person, pseudonym);
  for (const report of await mentioningReports(ctx, person, redactor)) {
    const comment = redactor.text(report.comment ?? '');
    await turn.write(
      commentErased({
        ...{ accountId: report.accountId, id: report.id, erasureId: id, comment },
        commentWords: searchedText(comment),
      }),
    );
  }
  for await (const { accountId, feedbackId, text } of logsAbout(ctx, redactor.holdsAddress, turn.signal)) {
    const plain = Buffer.from(redactor.text(text), 'utf8');
    const bytes = await promisify(gzip)(plain);
    await turn.write([
      ctx.db.build
        .updateTable('crashLogs')
        .set({ bytes, size: plain.length })
        .where('accountId', '=', accountId)
        .where('feedbackId', '=', feedbackId),
    ]);
  }
  return turn.signal.aborted ? 'It was interrupted.' : null;
}

const someLogs = shape((build, given: { accountId: string; feedbackId: string; most: number }) =>
  build
    .selectFrom('crashLogs')
    .select(['accountId', 'feedbackId', 'bytes'])
    .where(({ eb, refTuple, tuple }) =>
      eb(refTuple('accountId', 'feedbackId'), '>', tuple(given.accountId, given.feedbackId)),
    )
    .orderBy('accountId')
    .orderBy('feedbackId')
    .limit(given.most),
);
const LOGS_AT_ONCE = 50;

/** Logs, whoever sent them, that hold the address; each is unpacked for it, a few at a time. */
export async function* logsAbout({ db }: Ctx, holdsAddress: (text: string) => boolean, signal?: AbortSignal) {
  let place = { accountId: '', feedbackId: '' };
  while (!signal?.aborted) {
    const rows = await db.read(someLogs({ ...place, most: LOGS_AT_ONCE }));
    for (const { accountId, feedbackId, bytes } of rows) {
      const text = await unzipped(bytes).catch(() => '');
      if (holdsAddress(text)) yield { accountId, feedbackId, text };
    }
    const last = rows.at(-1);
    if (!last || rows.length < LOGS_AT_ONCE) return;
    place = { accountId: last.accountId, feedbackId: last.feedbackId };
    await breathe();
  }
}

async function eraseFiles({ ctx, turn, id }: Erasing): Promise<Left> {
  const { db } = ctx;
  const [row] = await db.read(db.build.selectFrom('erasures').select('files').where('id', '=', id));
  const files = JSON.parse(row?.files ?? '[]') as string[];
  const places = archivePlaces(ctx.env);
  const isDone = await inTurn(ctx, turn.signal, async (archive) => {
    const queue = [...files];
    for (let hash = queue.shift(); hash !== undefined; hash = queue.shift()) {
      if (archive.signal.aborted) return false;
      queue.push(...(await removeUnused(db, archive, places, hash)));
    }
    // A picture that was being fetched when its report was erased belongs to nobody.
    await sweep(db, archive, places);
    return !archive.signal.aborted;
  });
  if (isDone === null) return 'Pictures are being fetched at this moment.';
  return isDone ? null : 'It was interrupted.';
}

function* portions<Each>(all: readonly Each[]): Generator<Each[]> {
  for (let at = 0; at < all.length; at += PORTION) yield all.slice(at, at + PORTION);
}
