import { authorise } from '@/lib/access/policy';
import { namesOfApps } from '@/lib/mirror/query';
import { GONE_APP } from '../app-facts';
import type { Ctx } from '../ctx';
import { addressOf } from './address';
import { type Held, HOLDINGS } from './inventory';
import { addressHashes, pseudonymOf } from './person-key';
import { redactorOf } from './redact';
import { findPerson, type Person } from './who';

/** How much of one kind is known, and where. */
export interface KnownKind {
  readonly kind: string;
  /** Whose it is to erase: what App Store Connect says comes again with the next sync. */
  readonly isApples: boolean;
  readonly count: number;
  readonly apps: readonly { readonly name: string; readonly count: number }[];
}

/** An erasure as people see it; instants as ISO text. */
export interface ErasureView {
  readonly id: string;
  readonly state: 'running' | 'done';
  /** Why it cannot go on now. */
  readonly trouble: string | null;
  /** How much there was, by kind. */
  readonly found: Readonly<Record<string, number>>;
  /** How much of it is gone, by kind; empty until it is done. */
  readonly erased: Readonly<Record<string, number>>;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** A thing of Apple's that only App Store Connect can take away. */
export interface AtApple {
  readonly accountId: string;
  readonly appId: string;
  readonly appName: string;
  readonly id: string;
}

/** A report that was erased here and that Apple still has. */
export interface ReportAtApple extends AtApple {
  readonly type: string;
}

export interface Known {
  readonly address: string;
  readonly kinds: readonly KnownKind[];
  /** Jobs that would still do something about the person. */
  readonly busyJobs: readonly { readonly id: string; readonly title: string }[];
  readonly erasures: readonly ErasureView[];
  readonly atApple: {
    readonly testers: readonly AtApple[];
    /** Reports that were erased here, and that Apple still has. */
    readonly reports: readonly ReportAtApple[];
  };
}

const MOST_TOLD = 200;

/** What is known of whoever has an address. @throws RefusedError 400 for what is no address, ForbiddenError */
export async function whatIsKnown(ctx: Ctx, given: string): Promise<Known> {
  authorise(ctx.actor, 'persons:write');
  const address = addressOf(given);
  const hash = (await addressHashes(ctx))(address);
  const person = await findPerson(ctx, address);
  const redactor = redactorOf(person, pseudonymOf(hash));
  const held = new Map<string, readonly Held[]>();
  for (const { kind, find } of HOLDINGS) held.set(kind, await find(ctx, person, redactor));
  const reports = await erasedReports(ctx, hash);
  const testers = new Map(
    (held.get('testers') ?? []).map(({ accountId, appId, data }) => [
      `${accountId} ${appId}`,
      { accountId: accountId ?? '', appId: appId ?? '', id: String((data as { id?: unknown }).id) },
    ]),
  );
  const names = await namesOfApps(ctx.db, [
    ...new Set([...held.values()].flat().flatMap(({ appId }) => appId ?? [])),
    ...reports.map(({ appId }) => appId),
  ]);
  const named = <Thing extends { accountId: string; appId: string }>(thing: Thing) => ({
    ...thing,
    appName: names(thing.appId, thing.accountId)?.name ?? GONE_APP,
  });
  return {
    address,
    kinds: HOLDINGS.flatMap(({ kind, erasedBy }) => {
      const rows = held.get(kind) ?? [];
      if (rows.length === 0) return [];
      const apps = new Map<string, number>();
      for (const { accountId, appId } of rows) {
        if (accountId === null || appId === null) continue;
        const { appName } = named({ accountId, appId });
        apps.set(appName, (apps.get(appName) ?? 0) + 1);
      }
      return [
        {
          ...{ kind, isApples: erasedBy === 'apple', count: rows.length },
          apps: [...apps].map(([name, count]) => ({ name, count })),
        },
      ];
    }),
    busyJobs: await busyJobs(ctx, held.get('jobItems') ?? []),
    erasures: await erasuresOf(ctx, hash),
    atApple: { testers: [...testers.values()].map(named), reports: reports.map(named) },
  };
}

/** How much of each kind there is. */
export async function countKinds(
  ctx: Ctx,
  person: Person,
  pseudonym: string,
): Promise<Record<string, number>> {
  const redactor = redactorOf(person, pseudonym);
  const counts: Record<string, number> = {};
  for (const { kind, find, erasedBy } of HOLDINGS) {
    const { length } = erasedBy === 'apple' ? [] : await find(ctx, person, redactor);
    if (length > 0) counts[kind] = length;
  }
  return counts;
}

/** Jobs whose items name the person and that are not over. */
export async function busyJobs({ db }: Ctx, items: readonly Held[]): Promise<Known['busyJobs']> {
  const ids = [...new Set(items.map(({ data }) => String((data as { jobId?: unknown }).jobId)))];
  if (ids.length === 0) return [];
  return db.read(
    db.build
      .selectFrom('jobs')
      .select(['id', 'title'])
      .where('status', 'in', ['queued', 'running', 'paused', 'parked'])
      .where(({ ref }) => db.dialect.among(ref('id'), ids))
      .orderBy('id'),
  );
}

async function erasedReports({ db }: Ctx, hash: string) {
  return db.read(
    db.build
      .selectFrom('erasedReports as r')
      .innerJoin('erasures as e', 'e.id', 'r.erasureId')
      .innerJoin('feedback as f', (join) =>
        join.onRef('f.accountId', '=', 'r.accountId').onRef('f.id', '=', 'r.feedbackId'),
      )
      .select(['f.accountId', 'f.appId', 'f.id', 'f.type'])
      .where('e.addressHash', '=', hash)
      .where('r.isWhole', '=', 1)
      .where('f.goneAt', 'is', null)
      .orderBy('f.createdDate', (by) => by.desc().nullsLast())
      .orderBy('f.id')
      .limit(MOST_TOLD),
  );
}

const iso = (ms: number | bigint | null) => (ms === null ? null : new Date(Number(ms)).toISOString());

/** What was erased of whoever has this hash, newest first. */
async function erasuresOf({ db }: Ctx, hash: string): Promise<ErasureView[]> {
  const rows = await db.prisma.erasure.findMany({
    where: { addressHash: hash },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  });
  return rows.map(viewOf);
}

/** An erasure as people see it. */
export function viewOf(row: {
  readonly id: string;
  readonly step: string;
  readonly trouble: string | null;
  readonly found: string;
  readonly erased: string;
  readonly createdAt: number | bigint;
  readonly finishedAt: number | bigint | null;
}): ErasureView {
  return {
    id: row.id,
    state: row.step === 'done' ? 'done' : 'running',
    trouble: row.trouble,
    found: JSON.parse(row.found) as Record<string, number>,
    erased: JSON.parse(row.erased) as Record<string, number>,
    createdAt: iso(row.createdAt) ?? '',
    finishedAt: iso(row.finishedAt),
  };
}
