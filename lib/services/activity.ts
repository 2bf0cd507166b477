import { maskEmail, maskEmails } from '@/lib/access/mask';
import { authorise, may } from '@/lib/access/policy';
import { listUsers, type User, usersAmong } from '@/lib/access/users';
import type { AuditEntry } from '@/lib/audit/entry';
import { type AuditQuery, actorsAmong, entriesAt, getAudit, listActs, listAudit } from '@/lib/audit/list';
import { type ChainReport, verifyChain } from '@/lib/audit/verify';
import { jobsAmong, readJob } from '@/lib/jobs/rows';
import type { Job } from '@/lib/jobs/types';
import { type AppNamesOf, namesOfApps } from '@/lib/mirror/query';
import type { Ctx } from './ctx';
import { badParameter, conflict, notFound } from './errors';
import { type ChangeWords, changeWords } from './history/change-words';
import { ABOUT, aboutOf } from './history/kinds';
import type { Part } from './history/parts';
import { sentenceOf } from './history/sentence';
import { appTold, type JobWords, jobTeller } from './history/tell-job';
import { previewUndo, type UndoPreview, undoJob } from './jobs/undo-job';
import { unlinked } from './resources/shape';
import { type Back, inverseOf, whyNotUndoable } from './undo';

/** A row of the activity page: one act in a sentence; instants as ISO text. */
export interface ActivityEntry extends Omit<AuditEntry, 'at' | 'finishedAt' | 'seq'> {
  readonly at: string;
  readonly finishedAt: string | null;
  readonly appName: string | null;
  readonly accountName: string | null;
  /** Who did it, as colleagues call them. */
  readonly who: string;
  /** What follows who: words and names. */
  readonly sentence: readonly Part[];
  /** What else is to be said, in words; empty where the sentence says it all. */
  readonly rest: string;
  readonly changes: readonly ChangeWords[];
  /** The job that this entry stands for with all its rows, or null for a single change. */
  readonly job: { readonly id: string; readonly isEnded: boolean } | null;
  /** Whether this entry can be taken back by this actor now. */
  readonly canUndo: boolean;
  /** Whether taking it back takes so much away that it is asked first. */
  readonly undoAsks: boolean;
}

export interface ActivityAnswer {
  readonly data: readonly ActivityEntry[];
  readonly meta: {
    readonly total: number;
    readonly paging: { readonly total: number; readonly limit: number; readonly nextCursor?: string };
    /** Who stands in the trail, for the filter; with the first page only. */
    readonly people?: readonly { readonly id: string; readonly name: string }[];
  };
}

const FILTERS: Readonly<
  Record<string, 'appId' | 'accountId' | 'actorId' | 'type' | 'action' | 'status' | 'resourceId' | 'jobId'>
> = {
  app: 'appId',
  account: 'accountId',
  actor: 'actorId',
  type: 'type',
  action: 'action',
  status: 'status',
  resource: 'resourceId',
  job: 'jobId',
};

/**
 * The audit trail, newest first: filters `app account actor type action status resource job about issue q from to`. With
 * `by=act` all rows of a job are one entry.
 */
export async function listActivity(ctx: Ctx, parameters: URLSearchParams): Promise<ActivityAnswer> {
  authorise(ctx.actor, 'audit:read');
  const given: Record<string, string | number> = {};
  let about: AuditQuery['about'];
  let search: AuditQuery['search'];
  let issueId: string | undefined;
  let isByAct = false;
  for (const [name, value] of parameters) {
    const column = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
    if (value === '') continue;
    if (column) given[column] = value;
    else if (name === 'from' || name === 'to') given[name] = instant(name, value);
    else if (name === 'limit' || name === 'cursor') given[name] = whole(name, value);
    else if (name === 'about') about = aboutFor(value);
    else if (name === 'q') search = await searchFor(ctx, value);
    else if (name === 'issue') issueId = value.slice(0, MOST_TYPED);
    else if (name === 'by' && value === 'act') isByAct = true;
    else throw badParameter(name, 'This parameter is not offered here.');
  }
  const limit = Math.min(Number(given.limit ?? 50), 200);
  const query: AuditQuery = { ...given, about, issueId, search, limit };
  const { data, total, next } = isByAct ? await acts(ctx, query) : await rows(ctx, query);
  const nextCursor = next === null ? {} : { nextCursor: String(next) };
  return {
    data,
    meta: {
      total,
      paging: { total, limit, ...nextCursor },
      ...(isByAct && given.cursor === undefined ? { people: await people(ctx) } : {}),
    },
  };
}

interface Shown {
  readonly data: ActivityEntry[];
  readonly total: number;
  readonly next: number | null;
}

async function rows(ctx: Ctx, query: AuditQuery): Promise<Shown> {
  const page = await listAudit(ctx.db, query);
  const around = await aroundOf(ctx, page.entries);
  return {
    data: page.entries.map((entry) => present(ctx, entry, around)),
    total: page.total,
    next: page.nextCursor,
  };
}

async function acts(ctx: Ctx, query: AuditQuery): Promise<Shown> {
  const page = await listActs(ctx.db, query);
  const first = await entriesAt(
    ctx.db,
    page.acts.map(({ seq }) => seq),
  );
  const jobs = await jobsAmong(
    ctx.db,
    page.acts.flatMap(({ jobId }) => jobId ?? []),
  );
  const tell = await jobTeller(ctx, [...jobs.values()]);
  const around = await aroundOf(ctx, [...first.values()]);
  const data = page.acts.flatMap(({ seq, jobId }) => {
    const entry = first.get(seq);
    if (!entry) return [];
    const shown = present(ctx, entry, around);
    const job = jobs.get(jobId ?? '');
    return [job ? presentJob(ctx, job, shown, tell(job)) : shown];
  });
  return { data, total: page.total, next: page.nextCursor };
}

async function people(ctx: Ctx): Promise<{ id: string; name: string }[]> {
  const users = await listUsers(ctx.db);
  const known = new Set(
    await actorsAmong(
      ctx.db,
      users.map(({ id }) => id),
    ),
  );
  return users
    .filter(({ id }) => known.has(id))
    .map(({ id, name, email }) => ({ id, name: name || shownEmail(ctx, email) }));
}

function aboutFor(word: string): NonNullable<AuditQuery['about']> {
  const about = aboutOf(word);
  if (!about) throw badParameter('about', `Choose from ${Object.keys(ABOUT).join(', ')}.`);
  return about;
}

/** Longer than anything one would type, characters. */
const MOST_TYPED = 200;

/** @throws RefusedError 400 for whoever sees addresses masked: what one may not see, one may not search */
async function searchFor(ctx: Ctx, typed: string): Promise<NonNullable<AuditQuery['search']>> {
  if (!may(ctx.actor, 'testers:identify')) {
    throw badParameter('q', 'Your role sees e-mail addresses masked, so Activity cannot be searched.');
  }
  const text = typed.trim().slice(0, MOST_TYPED);
  const { build, dialect } = ctx.db;
  const apps = build
    .selectFrom('apps')
    .select('id')
    .where(({ ref }) => dialect.holds(ref('name'), text));
  const users = build
    .selectFrom('users')
    .select('id')
    .where(({ ref }) => dialect.holds(ref('name'), text));
  const jobs = build
    .selectFrom('jobs')
    .select('id')
    .where(({ ref }) => dialect.holds(ref('title'), text));
  const [appIds, actorIds, jobIds] = await Promise.all(
    [apps, users, jobs].map(async (query) => (await ctx.db.read<{ id: string }>(query)).map(({ id }) => id)),
  );
  return { text, appIds: appIds ?? [], actorIds: actorIds ?? [], jobIds: jobIds ?? [] };
}

/** One entry of the trail. @throws RefusedError (404) */
export async function getActivity(ctx: Ctx, id: string): Promise<ActivityEntry> {
  authorise(ctx.actor, 'audit:read');
  const entry = await entryOf(ctx, id);
  return present(ctx, entry, await aroundOf(ctx, [entry]));
}

/** What taking back everything a job did would do. @throws RefusedError 404, or 409 FLIGHTDECK.NOT_UNDOABLE */
export async function previewUndoOf(ctx: Ctx, id: string): Promise<UndoPreview> {
  authorise(ctx.actor, 'audit:read');
  authorise(ctx.actor, 'testers:write');
  authorise(ctx.actor, 'jobs:run');
  const job = await readJob(ctx.db, id);
  if (!job) throw notFound('There is no such job.');
  return previewUndo(ctx, job);
}

/**
 * Takes a change back, or with the id of a job everything it did, as another job.
 * @throws RefusedError 409 FLIGHTDECK.NOT_UNDOABLE when it has no inverse or was undone
 */
export async function undoActivity(ctx: Ctx, id: string): Promise<Back | { readonly jobId: string }> {
  authorise(ctx.actor, 'audit:read');
  const job = await readJob(ctx.db, id);
  if (job) {
    authorise(ctx.actor, 'testers:write');
    authorise(ctx.actor, 'jobs:run');
    return { jobId: await undoJob(ctx, job) };
  }
  const entry = await entryOf(ctx, id);
  const reason = whyNotUndoable(entry);
  const inverse = inverseOf(entry);
  if (reason !== null || !inverse) {
    throw conflict('FLIGHTDECK.NOT_UNDOABLE', reason ?? 'This change has no inverse.');
  }
  return inverse.run(ctx);
}

/** Whether the trail is whole, by its hashes. */
export async function checkTrail(ctx: Ctx): Promise<ChainReport> {
  authorise(ctx.actor, 'audit:read');
  return verifyChain(ctx.db);
}

async function entryOf(ctx: Ctx, id: string): Promise<AuditEntry> {
  const entry = await getAudit(ctx.db, id);
  if (!entry) throw notFound('There is no such entry.');
  return entry;
}

/** What the entries of a page are told with. */
interface Around {
  readonly namesOf: AppNamesOf;
  /** Account → what it is called. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly users: ReadonlyMap<string, User>;
}

async function aroundOf(ctx: Ctx, entries: readonly AuditEntry[]): Promise<Around> {
  const distinct = (ids: readonly (string | null)[]) => [...new Set(ids.filter((id) => id !== null))];
  const accountIds = distinct(entries.map(({ accountId }) => accountId));
  const accounts =
    accountIds.length === 0
      ? []
      : await ctx.db.prisma.account.findMany({
          where: { id: { in: accountIds } },
          select: { id: true, name: true },
        });
  return {
    namesOf: await namesOfApps(
      ctx.db,
      entries.map(({ appId }) => appId),
    ),
    accounts: new Map(accounts.map(({ id, name }) => [id, name])),
    users: await usersAmong(ctx.db, distinct(entries.map(({ actorId }) => actorId))),
  };
}

function present(ctx: Ctx, { seq: _, ...entry }: AuditEntry, around: Around): ActivityEntry {
  const app = appTold(around.namesOf, entry.appId, entry.accountId);
  const told = { ...entry, ...app };
  return masked(ctx, {
    ...entry,
    at: new Date(entry.at).toISOString(),
    finishedAt: entry.finishedAt === null ? null : new Date(entry.finishedAt).toISOString(),
    appName: app.appName,
    accountName: around.accounts.get(entry.accountId ?? '') ?? null,
    who: whoOf(entry, around.users),
    sentence: sentenceOf(told),
    rest: '',
    changes: changeWords(told),
    job: null,
    undoAsks: false,
    canUndo:
      whyNotUndoable({ seq: 0, ...entry }) === null &&
      (inverseOf({ seq: 0, ...entry })?.isAllowed(ctx.actor) ?? false),
  });
}

/** A job as one entry, which stands where its first row does. */
function presentJob(
  ctx: Ctx,
  job: Job,
  first: ActivityEntry,
  { sentence, rest, undoneBy, canUndo, undoAsks }: JobWords,
): ActivityEntry {
  return masked(ctx, {
    ...first,
    id: job.id,
    at: new Date(job.startedAt ?? job.createdAt).toISOString(),
    finishedAt: job.finishedAt === null ? null : new Date(job.finishedAt).toISOString(),
    status: outcomeOf(job),
    sentence,
    rest,
    changes: [],
    before: null,
    after: null,
    errors: null,
    undoneBy,
    job: { id: job.id, isEnded: job.finishedAt !== null },
    canUndo,
    undoAsks,
  });
}

function outcomeOf({ finishedAt, done, failed }: Job): AuditEntry['status'] {
  if (finishedAt === null) return 'pending';
  return failed > 0 && done === 0 ? 'failed' : 'succeeded';
}

function masked(ctx: Ctx, entry: ActivityEntry): ActivityEntry {
  const hasPictures = entry.type === 'betaFeedbackScreenshotSubmissions';
  const row = hasPictures
    ? { ...entry, before: unlinked(entry.before), after: unlinked(entry.after) }
    : entry;
  return may(ctx.actor, 'testers:identify') ? row : maskEmails(row);
}

function shownEmail(ctx: Ctx, email: string): string {
  return may(ctx.actor, 'testers:identify') ? email : maskEmail(email);
}

const PROCESSES: Readonly<Record<string, string>> = {
  worker: 'Flightdeck',
  shell: 'Somebody at the server’s shell',
};

function whoOf(
  { actorId, actorEmail }: Pick<AuditEntry, 'actorId' | 'actorEmail'>,
  users: ReadonlyMap<string, User>,
): string {
  if (actorId === null) return PROCESSES[actorEmail ?? 'worker'] ?? actorEmail ?? 'Flightdeck';
  return users.get(actorId)?.name || actorEmail || 'Somebody who is gone';
}

function instant(parameter: string, text: string): number {
  const at = /^\d{10,14}$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(at)) throw badParameter(parameter, 'This is not a date.');
  return at;
}

function whole(parameter: string, text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw badParameter(parameter, 'A whole number above 0 is needed.');
  return Number(text);
}
