import type { PublishedOperation } from './lenient-apple-judge';
import { schemas } from './lenient-apple-judge';
import { type Kept, type Programme, RELATIONS } from './lenient-apple-programme';

/** Where this App Store Connect differs, within what Apple's documents leave open. */
export interface Quirks {
  /** The most rows of a page, whatever was asked for. */
  readonly pageCap: number;
  /** The parameter that `links.next` carries. */
  readonly cursorName: string;
  /** Whether unset attributes are null or not there at all. */
  readonly unset: 'null' | 'absent';
  /** Whether an included but empty relationship says so, or carries links only. */
  readonly empty: 'stated' | 'unstated';
  /** Whether `meta.paging` is there: nowhere, or as published. */
  readonly totals: boolean;
  /** Relationships that never say what they point at, although it is included. */
  readonly mute: readonly string[];
  /** How `links.next` is written: in full, from the root, as a mere query, or under Apple's own name. */
  readonly next: 'full' | 'path' | 'query' | 'apple';
  /** Rows of a page that come again on the next one. */
  readonly overlap: number;
  /** Whether a last page with nothing on it follows. */
  readonly endsEmpty: boolean;
  /** Usage figures as the schema has them, or as they are seen in the wild. */
  readonly metrics: 'schema' | 'real';
}

export interface Surroundings {
  readonly apple: Programme;
  readonly quirks: Quirks;
  readonly baseUrl: string;
}

interface Asked {
  readonly parameters: URLSearchParams;
  readonly path: string;
}

const APPLE = 'https://api.appstoreconnect.apple.com';

const listOf = (text: string | null) => (text === null ? [] : text.split(','));

/** A resource as it is answered, with what `include` inlines. */
export function shown(
  { apple, quirks, baseUrl }: Surroundings,
  kept: Kept,
  { parameters }: Asked,
): { data: object; included: Kept[] } {
  const { type, id } = kept;
  const include = listOf(parameters.get('include'));
  const fields = parameters.get(`fields[${type}]`);
  const isAsked = (name: string) => fields === null || listOf(fields).includes(name);
  const included: Kept[] = [];
  const relationships: Record<string, unknown> = {};
  const self = `${baseUrl}/v1/${type}/${id}`;
  for (const [name, { isMany }] of Object.entries(RELATIONS[type] ?? {})) {
    const links = { self: `${self}/relationships/${name}`, related: `${self}/${name}` };
    if (!isAsked(name)) continue;
    if (!include.includes(name)) {
      relationships[name] = { links };
      continue;
    }
    const all = apple.related(kept, name);
    const limit = isMany ? Number(parameters.get(`limit[${name}]`) ?? 10) : 1;
    const inlined = all.slice(0, limit);
    included.push(...inlined);
    const told = linkage(quirks, inlined, isMany, all.length, limit);
    relationships[name] = { links, ...(quirks.mute.includes(`${type}.${name}`) ? {} : told) };
  }
  const attributes = Object.fromEntries(
    Object.entries(attributesOf(quirks, kept)).filter(([name]) => isAsked(name)),
  );
  return { data: { type, id, attributes, relationships, links: { self } }, included };
}

function linkage(quirks: Quirks, inlined: readonly Kept[], isMany: boolean, total: number, limit: number) {
  const meta = quirks.totals && isMany ? { meta: { paging: { total, limit } } } : {};
  const ids = inlined.map(({ type, id }) => ({ type, id }));
  if (ids.length > 0) return { ...meta, data: isMany ? ids : ids[0] };
  return quirks.empty === 'unstated' ? meta : { ...meta, data: isMany ? [] : null };
}

function attributesOf(quirks: Quirks, { type, attributes }: Kept): Record<string, unknown> {
  const set = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined);
  const known = Object.fromEntries(set);
  if (quirks.unset === 'absent') return { ...known, unheardOf: { of: ['nobody'] } };
  const published = Object.values(schemas).find(
    (schema) => schema.properties?.type?.enum?.[0] === type && schema.properties.attributes,
  );
  const names = Object.keys(published?.properties.attributes.properties ?? {});
  return { ...Object.fromEntries(names.map((name) => [name, null])), ...known };
}

/** A list document: filtered rows, one page of them, and what they include. */
export function page(around: Surroundings, rows: readonly Kept[], asked: Asked): Record<string, unknown> {
  const { parameters } = asked;
  const { rows: mine, links, meta } = paged(around, rows, asked);
  const answers = mine.map((kept) => shown(around, kept, asked));
  const included = new Map(
    answers.flatMap((one) => one.included).map((kept) => [`${kept.type} ${kept.id}`, kept] as const),
  );
  const inlined = [...included.values()].map((kept) => shown(around, kept, withoutInclude(asked)).data);
  return {
    data: answers.map(({ data }) => data),
    ...(parameters.has('include') ? { included: [...inlined, STRANGER] } : {}),
    links,
    ...meta,
  };
}

const STRANGER = { type: 'betaTesterMoods', id: 'mood-1', attributes: { mood: 'curious' } };

function withoutInclude({ parameters, path }: Asked): Asked {
  const plain = new URLSearchParams(parameters);
  plain.delete('include');
  return { parameters: plain, path };
}

/** One page of rows, the address of the next, and the total where this server tells it. */
export function paged<Row>(
  { quirks, baseUrl }: Surroundings,
  rows: readonly Row[],
  { parameters, path }: Asked,
) {
  const limit = Math.min(Number(parameters.get('limit') ?? 50), quirks.pageCap);
  const from = Number(atob(parameters.get(quirks.cursorName) ?? btoa('0')));
  const queryAt = (offset?: number) => {
    const names = [...parameters].filter(([name]) => name !== quirks.cursorName).reverse();
    const cursor: [string, string][] =
      offset === undefined ? [] : [[quirks.cursorName, btoa(String(offset))]];
    const query = new URLSearchParams([...cursor, ...names]).toString();
    return query === '' ? '' : `?${query}`;
  };
  const end = from + limit;
  const hasMore = end < rows.length || (quirks.endsEmpty && end === rows.length);
  const before = { full: baseUrl + path, path, query: '', apple: APPLE + path }[quirks.next];
  const again = end < rows.length ? quirks.overlap : 0;
  const next = hasMore ? { next: before + queryAt(end - again) } : {};
  const links = { self: baseUrl + path + queryAt(), ...next };
  const meta = quirks.totals ? { meta: { paging: { total: rows.length, limit } } } : {};
  return { rows: rows.slice(from, from + limit), links, meta };
}

/** What stands behind an address of a type this programme has nothing of: one resource, as the schema names it. */
export function specimen(operation: PublishedOperation, { path }: Asked, baseUrl: string): object {
  const data = schemas[operation.responses['200'] ?? '']?.properties?.data;
  const named = (schema: { $ref?: string; properties?: { type?: { enum?: string[] } } }) =>
    (schema.$ref === undefined ? schema : schemas[schema.$ref.split('/').at(-1) ?? '']).properties?.type
      ?.enum?.[0] ?? 'unknown';
  const isMany = data?.type === 'array';
  const type = named((isMany ? data.items : data) ?? {});
  const resource = { type, id: `${type}-1`, attributes: { unheardOf: true } };
  return { data: isMany ? [resource] : resource, links: { self: baseUrl + path } };
}

/** Usage figures: three testers did something, or one series without dimensions. */
export function figures(
  around: Surroundings,
  name: string,
  dimension: string,
  ids: readonly string[],
  asked: Asked,
) {
  const { quirks } = around;
  const isReal = quirks.metrics === 'real';
  const span = isReal
    ? { start: '2026-01-01', end: '2026-01-08' }
    : { start: '2026-01-01T00:00:00Z', end: '2026-01-08T00:00:00Z' };
  const values =
    name === 'publicLinkUsages'
      ? { viewCount: 40, acceptedCount: 30, didNotAcceptCount: 10, notClearRatio: 0.25 }
      : { sessionCount: 7, crashCount: 1, feedbackCount: 2 };
  const groups = (name === 'publicLinkUsages' ? [null] : ids).map((id) => ({
    ...(isReal ? { type: name } : {}),
    dataPoints: [{ ...span, values }],
    ...(id === null ? {} : { dimensions: { [dimension]: { data: isReal ? { type: dimension, id } : id } } }),
  }));
  const { rows, links, meta } = paged(around, groups, asked);
  return { data: rows, links, ...meta };
}
