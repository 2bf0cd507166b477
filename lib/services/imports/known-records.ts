import type { GroupFact } from './group-names';

/** A person whom the app already has. */
export interface KnownTester {
  readonly testerId: string;
  readonly state: string | null;
  readonly groupIds: readonly string[];
  /** Builds assigned one by one. */
  readonly buildIds: readonly string[];
}

/** Which of several records of one address is meant. */
export interface RecordQuestion {
  readonly kind: 'record';
  readonly email: string;
  readonly options: readonly { readonly id: string; readonly name: string; readonly state: string | null }[];
}

interface Part<Wanted> {
  /** The record the groups belong to; null when the app has nobody of the address. */
  readonly record: KnownTester | null;
  /** Whether the app has the address only as an internal record and the groups are external, or the other way. */
  readonly isOtherKind: boolean;
  readonly wanted: readonly Wanted[];
}

type Fitting<Wanted> =
  | { readonly ok: true; readonly parts: readonly Part<Wanted>[] }
  | { readonly ok: false; readonly code: string; readonly detail: string; readonly question: RecordQuestion };

interface Facts {
  readonly internal: ReadonlySet<string>;
  readonly chosen: string | undefined;
  readonly groups: readonly GroupFact[];
  readonly email: string;
}

/**
 * Which record of an address the wanted groups belong to: internal groups to the internal record, external ones to
 * the external. A person decides where that does not tell.
 */
export function fittingRecords<Wanted extends { readonly id: string }>(
  records: readonly KnownTester[],
  wanted: readonly Wanted[],
  facts: Facts,
): Fitting<Wanted> {
  const part = (record: KnownTester | null, places: readonly Wanted[]): Part<Wanted> => ({
    record,
    isOtherKind: record !== null && isOther(record, places, facts.internal),
    wanted: places,
  });
  if (records.length < 2) return { ok: true, parts: [part(records[0] ?? null, wanted)] };
  const parts = new Map<KnownTester, Wanted[]>();
  for (const place of wanted) {
    const fit = narrowed(records, place.id, facts.internal);
    const record = fit.length === 1 ? fit[0] : fit.find(({ testerId }) => testerId === facts.chosen);
    if (!record) return ask(fit, facts);
    parts.set(record, [...(parts.get(record) ?? []), place]);
  }
  return { ok: true, parts: [...parts].map(([record, places]) => part(record, places)) };
}

function isOther(
  { groupIds }: KnownTester,
  wanted: readonly { readonly id: string }[],
  internal: ReadonlySet<string>,
): boolean {
  return (
    groupIds.length > 0 &&
    wanted.some(({ id }) => groupIds.every((held) => internal.has(held) !== internal.has(id)))
  );
}

/**
 * The records a group or build could mean: those of its kind that have access, then those that have it already.
 * Also how an answer of Apple's with several records of an address is read.
 */
export function narrowed<
  Record extends { readonly state: string | null; readonly groupIds: readonly string[] },
>(records: readonly Record[], placeId: string, internal: ReadonlySet<string>): readonly Record[] {
  const isInternal = internal.has(placeId);
  const keep = (list: readonly Record[], isFit: (record: Record) => boolean) => {
    const fit = list.filter(isFit);
    return fit.length > 0 ? fit : list;
  };
  const there = records.filter(({ groupIds, state }) => groupIds.includes(placeId) && state !== 'REVOKED');
  if (there.length > 0) return there.slice(0, 1);
  const ofKind = keep(records, ({ groupIds }) =>
    isInternal ? groupIds.some((id) => internal.has(id)) : !groupIds.some((id) => internal.has(id)),
  );
  return keep(ofKind, ({ state }) => state !== 'REVOKED');
}

function ask<Wanted>(records: readonly KnownTester[], { groups, email }: Facts): Fitting<Wanted> {
  const nameOf = new Map(groups.map(({ id, name }) => [id, name]));
  const options = records.map(({ testerId, state, groupIds }) => ({
    id: testerId,
    name: groupIds.map((id) => nameOf.get(id) ?? id).join(', '),
    state,
  }));
  return {
    ok: false,
    code: 'FLIGHTDECK.TESTER.AMBIGUOUS',
    detail: `The app has ${records.length} testers with this address. Choose which one is meant.`,
    question: { kind: 'record', email, options },
  };
}
