import { can, type Role } from '@/lib/access/policy';
import { readSetting, settingStatement } from '@/lib/access/settings';
import { alertWords } from '@/lib/format/alerts';
import { announced } from '@/lib/store/feed';
import { acquireLease, LeaseLostError, releaseLease, writeUnderLease } from '@/lib/store/lease';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';
import { readPlaces } from '../alerts/facts/places';
import type { Fact, Found, Wanted, Window } from '../alerts/facts/types';
import { find, judge, type Marks } from '../alerts/find';
import { connectorRows } from '../connectors/rows';
import type { Ctx } from '../ctx';
import { askOf } from '../health/ask';
import { programmeNow } from '../programme-time';
import { BELL, connectorOf } from './channels';
import { asSeen, sendingId, type Words } from './message';
import { eachOnce } from './owners';
import { type AlertRuleRow, rulesInUse } from './rows';

const LEASE = 'alerts';
const LOOKED = 'alertsLookedAt';
const DAY_MS = 24 * 60 * 60_000;
/** What happened is found up to so long after: a sync may have been down, ms. */
const LATE_MS = 7 * DAY_MS;
/** What was told is kept for so long, ms: longer than it can be found. */
const KEPT_MS = 90 * DAY_MS;
/** So many notices of one look stand in the bell one by one. */
const BELL_AT_ONCE = 5;

interface Row {
  readonly id: string;
  readonly userId: string;
  readonly recipient: string;
  readonly channel: string;
  readonly role: Role;
  readonly fact: Fact;
}

/**
 * Looks for what every rule is to tell, and writes it down to be sent; what is written once is not written again. The
 * bell rings in the same transaction.
 * @returns whether there is something to send
 */
export async function lookForFacts(ctx: Ctx, owner: string): Promise<boolean> {
  const { db, clock } = ctx;
  const rules = await rulesInUse(db);
  if (rules.length === 0) return false;
  const lease = await acquireLease(db, LEASE, owner, clock.now(), { takesBack: true });
  if (!lease) return false;
  try {
    const now = clock.now();
    const lookedAt = Number((await readSetting(db, LOOKED)) ?? now - 1);
    // A clock that was set back: only how things stand now is compared.
    const comparedFrom = lookedAt >= now ? now - 1 : lookedAt;
    const window = { from: Math.min(now - LATE_MS, comparedFrom), until: now };
    const marks = await marksOf(db);
    const finding = finder(ctx, window);
    const rows: Row[] = [];
    const writes: Write[] = [settingStatement(db, LOOKED, String(now), now)];
    const takers = await takersOf(db);
    for (const rule of rules) {
      const { needs } = alertWords(rule.kind);
      if (needs !== undefined && !can(rule.role, needs)) continue;
      const wanted = wantedOf(rule);
      const known = marks.get(rule.id) ?? new Map();
      const since = Math.min(rule.since, now);
      const judged = judge(await finding(wanted), wanted, {
        ...{ since, comparedFrom: Math.max(comparedFrom, Math.min(since, now - 1)), marks: known },
      });
      writes.push(...markWrites(db, rule.id, known, judged.marks, now));
      for (const fact of judged.facts) rows.push(...tellings(rule, fact, takers));
    }
    const fresh = await eachOnce(db, await unknown(db, rows), now);
    writes.push(...(await sendingWrites(ctx, fresh, now)));
    await writeUnderLease(db, lease, now, writes);
    return fresh.some(({ channel }) => channel !== BELL);
  } catch (error) {
    // Another worker has looked meanwhile.
    if (error instanceof LeaseLostError) return false;
    throw error;
  } finally {
    await releaseLease(db, lease);
  }
}

export const wantedOf = (
  rule: Pick<AlertRuleRow, 'kind' | 'accountId' | 'appId' | 'threshold' | 'least'>,
): Wanted => {
  const { kind, accountId, appId, threshold, least } = rule;
  const words = alertWords(kind);
  return {
    ...{ kind, app: accountId === null || appId === null ? null : { accountId, appId } },
    ...{ threshold: threshold ?? words.threshold?.usual ?? 0, least: least ?? words.sessions?.usual ?? 0 },
  };
};

/** Finds each question's facts once a look, however many people ask it. */
export function finder(ctx: Ctx, window: Window): (wanted: Wanted) => Promise<Found> {
  const known = new Map<string, Promise<Found>>();
  let places: ReturnType<typeof readPlaces> | undefined;
  const [now, machineNow] = [programmeNow(ctx), ctx.clock.now()];
  const health = askOf(ctx.db, { now, machineNow });
  return (wanted) => {
    const key = JSON.stringify([wanted.kind, wanted.app, wanted.threshold, wanted.least]);
    places ??= readPlaces(ctx.db);
    const found =
      known.get(key) ??
      places.then((read) =>
        find({ db: ctx.db, places: read, health, ahead: now - machineNow }, window, wanted),
      );
    known.set(key, found);
    return found;
  };
}

/** Messengers that take alerts, with the app that each is for. */
async function takersOf(db: Ctx['db']): Promise<Takers> {
  const rows = (await connectorRows(db)).filter((row) => row.removedAt === null && row.takesAlerts === 1);
  return new Map(rows.map(({ id, accountId, appId }) => [id, { accountId, appId }]));
}
type Takers = ReadonlyMap<string, { readonly accountId: string | null; readonly appId: string | null }>;

/** Whom a fact is told, and where. */
function tellings(
  { userId, channels, role }: AlertRuleRow & { readonly role: Role },
  fact: Fact,
  takers: Takers,
): Row[] {
  return channels.flatMap((channel) => {
    const connector = connectorOf(channel);
    const taker = connector === null ? undefined : takers.get(connector);
    if (connector !== null && (!taker || !can(role, 'alerts:share'))) return [];
    const isElsewhere =
      taker?.appId != null && (taker.appId !== fact.appId || taker.accountId !== fact.accountId);
    if (isElsewhere) return [];
    const recipient = connector === null ? userId : '';
    return [{ id: sendingId(recipient, channel, fact.key), userId, recipient, channel, role, fact }];
  });
}

const allMarks = shape((build) => build.selectFrom('alertMarks').select(['ruleId', 'subject', 'isOver']));

async function marksOf(db: Ctx['db']): Promise<Map<string, Map<string, boolean>>> {
  const marks = new Map<string, Map<string, boolean>>();
  for (const { ruleId, subject, isOver } of await db.read(allMarks({}))) {
    const ofRule = marks.get(ruleId) ?? new Map<string, boolean>();
    marks.set(ruleId, ofRule.set(subject, isOver === 1));
  }
  return marks;
}

function markWrites(db: Ctx['db'], ruleId: string, known: Marks, now: Marks, at: number): Write[] {
  const gone = [...known.keys()].filter((subject) => !now.has(subject));
  const changed = [...now].filter(([subject, isOver]) => known.get(subject) !== isOver);
  return [
    ...gone.map((subject) =>
      db.build.deleteFrom('alertMarks').where('ruleId', '=', ruleId).where('subject', '=', subject),
    ),
    ...changed.map(([subject, isOver]) =>
      db.build
        .insertInto('alertMarks')
        .values({ ruleId, subject, isOver: isOver ? 1 : 0, at })
        .onConflict((on) => on.columns(['ruleId', 'subject']).doUpdateSet({ isOver: isOver ? 1 : 0, at })),
    ),
  ];
}

const knownSendings = shape((build, given: { ids: readonly string[] }, { among }) =>
  build
    .selectFrom('alertSendings')
    .select('id')
    .where(({ ref }) => among(ref('id'), given.ids)),
);

/** Those that nobody was told yet. */
async function unknown(db: Ctx['db'], rows: readonly Row[]): Promise<Row[]> {
  if (rows.length === 0) return [];
  const ids = [...new Set(rows.map(({ id }) => id))];
  const known = new Set((await db.read(knownSendings({ ids }))).map(({ id }) => id));
  return rows.filter(({ id }) => !known.has(id));
}

async function sendingWrites({ db }: Ctx, rows: readonly Row[], now: number): Promise<Write[]> {
  if (rows.length === 0) return [];
  const inserts = rows.map(({ id, userId, recipient, channel, fact }) => {
    const { title, detail, level, path, app } = fact;
    const words: Words = { title, detail, level, path, app };
    const isBell = channel === BELL;
    return db.build
      .insertInto('alertSendings')
      .values({
        ...{ id, userId, recipient, channel, fact: fact.key, kind: fact.kind, words: JSON.stringify(words) },
        ...{ accountId: fact.accountId, appId: fact.appId, at: fact.at, createdAt: now, notBefore: now },
        ...(isBell ? { state: 'sent', doneAt: now } : { state: 'pending' }),
      })
      .onConflict((on) => on.doNothing());
  });
  return [...inserts, ...bellWrites(db, rows, now), ...announced('notices', ['alerts'], now)];
}

/** What stands in the bell: each fact, or how many there are. */
function bellWrites(db: Ctx['db'], rows: readonly Row[], now: number): Write[] {
  const rung = rows.filter(({ channel }) => channel === BELL);
  const people = [...new Set(rung.map(({ userId }) => userId))];
  const notices = people.flatMap((userId) => {
    const own = rung.filter((row) => row.userId === userId);
    const [first] = own;
    if (first && own.length > BELL_AT_ONCE) {
      const { title } = asSeen(wordsOf(first), first.role);
      const words = `${own.length} alerts: ${title} and ${own.length - 1} more`;
      return [{ id: `alert/${first.id}`, userId, words, path: '/settings/alerts' }];
    }
    return own.map(({ id, fact, role }) => {
      const { title, path } = asSeen(wordsOf({ fact }), role);
      return { id: `alert/${id}`, userId, words: title, path };
    });
  });
  if (notices.length === 0) return [];
  return [
    db.build
      .insertInto('notices')
      .values(notices.map((notice) => ({ ...notice, kind: 'alert', createdAt: now })))
      .onConflict((on) => on.column('id').doNothing()),
  ];
}

const wordsOf = ({ fact: { title, detail, level, path, app } }: Pick<Row, 'fact'>): Words => ({
  ...{ title, detail, level, path, app },
});

/** Takes away what was told long ago. */
export async function forgetTold({ db, clock }: Pick<Ctx, 'db' | 'clock'>): Promise<void> {
  await db.write([
    db.build
      .deleteFrom('alertSendings')
      .where('createdAt', '<', clock.now() - KEPT_MS)
      .where('state', 'in', ['sent', 'failed']),
    db.build
      .deleteFrom('notices')
      .where('createdAt', '<', clock.now() - KEPT_MS)
      .where('kind', 'in', ['alert', 'channel']),
  ]);
}
