import type { z } from 'zod';
import { entryOf } from '@/lib/asc/catalogue';
import { PAGE_LIMIT } from '@/lib/asc/catalogue/limits';
import type { CatalogueEntry, ResourceType } from '@/lib/asc/catalogue/types';
import { relationshipOf } from '@/lib/asc/operations';
import { isIdentified, isRecord, type Linkage } from '@/lib/mirror/resource';
import { badMember, type Problem, RefusedError } from '../errors';

/** The parts of a create or update request that go to Apple. */
export interface ResourceInput {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, { readonly data: unknown }>>;
  readonly included?: readonly unknown[];
}

/** What the sender saw before changing it. */
export interface Seen {
  /** Attribute → value. */
  readonly expect: Readonly<Record<string, unknown>>;
  /** What it is part of, where Apple gives it only there. */
  readonly of?: Linkage;
}

export interface ResourceBody {
  readonly input: ResourceInput;
  readonly seen?: Seen;
}

/** @throws RefusedError 400 with the pointer of what is wrong, 409 when type or id are another's */
export function createBody(type: ResourceType, body: unknown): ResourceBody {
  return resourceBody(type, undefined, body, entryOf(type).create, entryOf(type).inlineCreate);
}

/** @throws RefusedError 400 with the pointer of what is wrong, 409 when type or id are another's */
export function updateBody(type: ResourceType, id: string, body: unknown): ResourceBody {
  return resourceBody(type, id, body, entryOf(type).update, undefined);
}

function resourceBody(
  type: ResourceType,
  id: string | undefined,
  body: unknown,
  schema: CatalogueEntry['create'],
  inline: CatalogueEntry['inlineCreate'],
): ResourceBody {
  const document = objectAt(body, '', ['data', 'included', 'meta']);
  const data = objectAt(document.data, '/data', ['type', 'id', 'attributes', 'relationships']);
  identify(data, type, id);
  const { attributes, relationships } = data;
  const parts = {
    ...(attributes === undefined ? {} : { attributes }),
    ...(relationships === undefined ? {} : { relationships }),
  };
  const input = parse(schema, parts, '/data') as ResourceInput;
  const seen = seenIn(document.meta);
  if (document.included === undefined) return { input, ...(seen ? { seen } : {}) };
  if (!inline) throw badMember('/included', 'Nothing can be created along with this resource.');
  if (!Array.isArray(document.included)) throw badMember('/included', 'A list is needed here.');
  const included = document.included.map((item: unknown, index) => parse(inline, item, `/included/${index}`));
  return { input: { ...input, included }, ...(seen ? { seen } : {}) };
}

function identify(data: Record<string, unknown>, type: ResourceType, id: string | undefined): void {
  if (data.type !== type) throw badMember('/data/type', `The type must be “${type}”.`, 409);
  if (id === undefined && data.id !== undefined)
    throw badMember('/data/id', 'App Store Connect gives the id.');
  if (id !== undefined && data.id !== id)
    throw badMember('/data/id', 'This is not the id of the address.', 409);
}

/** @throws RefusedError 400 with the pointer of what is wrong */
export function deleteBody(body: unknown): Seen | undefined {
  return body === undefined ? undefined : seenIn(objectAt(body, '', ['meta']).meta);
}

function seenIn(meta: unknown): Seen | undefined {
  if (meta === undefined) return undefined;
  const { expect, of } = objectAt(meta, '/meta', ['expect', 'of']);
  if (expect === undefined) return undefined;
  const seen = { expect: objectAt(expect, '/meta/expect') };
  if (of === undefined) return seen;
  if (!isIdentified(of)) throw badMember('/meta/of', 'A type and an id are needed here.');
  return { ...seen, of };
}

/** The ids a linkage request names. @throws RefusedError 400 with the pointer, 409 for another type */
export function linkageIds(type: ResourceType, name: string, body: unknown): string[] {
  const { data } = objectAt(body, '', ['data']);
  const relationship = relationshipOf(type, name);
  const list = relationship?.many ? data : [data];
  if (!Array.isArray(list)) throw badMember('/data', 'A list of {type, id} is needed.');
  if (list.length === 0) throw badMember('/data', 'The list is empty.');
  // Apple tells no number for one request that links; a page of them is what it gives back.
  if (list.length > PAGE_LIMIT) throw badMember('/data', `At most ${PAGE_LIMIT} can be named at once.`);
  const ids = list.map((item: unknown, index) => {
    const pointer = relationship?.many ? `/data/${index}` : '/data';
    const linkage = objectAt(item, pointer, ['type', 'id']);
    if (linkage.type !== relationship?.target) {
      throw badMember(`${pointer}/type`, `The type must be “${relationship?.target}”.`, 409);
    }
    if (typeof linkage.id !== 'string' || linkage.id === '')
      throw badMember(`${pointer}/id`, 'The id is missing.');
    return linkage.id;
  });
  return [...new Set(ids)];
}

function objectAt(value: unknown, pointer: string, names?: readonly string[]): Record<string, unknown> {
  if (!isRecord(value)) throw badMember(pointer, 'An object is needed here.');
  const extra = names && Object.keys(value).find((name) => !names.includes(name));
  if (extra !== undefined)
    throw badMember(`${pointer}/${escaped(extra)}`, `“${extra.slice(0, 60)}” is not known here.`);
  return value;
}

function parse(schema: z.ZodType | undefined, value: unknown, at: string): unknown {
  if (!schema) throw badMember(at, 'Nothing can be sent here.');
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new RefusedError(parsed.error.issues.flatMap((issue) => problemsOf(issue, at)));
}

function problemsOf(issue: z.core.$ZodIssue, at: string): Problem[] {
  const pointer = [at, ...issue.path.map((part) => escaped(String(part)))].join('/');
  const pointers =
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => `${pointer}/${escaped(key)}`) : [pointer];
  const detail =
    issue.code === 'unrecognized_keys' ? 'This is not known here, or cannot be changed.' : issue.message;
  return pointers.map((where) => ({
    status: 400,
    code: 'FLIGHTDECK.BODY',
    title: 'The request body is wrong',
    detail,
    source: { pointer: where },
  }));
}

/** Escapes a name for a JSON pointer (RFC 6901). */
function escaped(name: string): string {
  return name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
}
