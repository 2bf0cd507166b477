import { maskEmails } from '@/lib/access/mask';
import { may } from '@/lib/access/policy';
import { factsOf } from '@/lib/asc/operations';
import { deviceName } from '@/lib/format/devices';
import type { ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';

/** What every answer about resources says of itself. */
export interface AnswerMeta {
  /** When Apple said this, ISO text; null when never. */
  readonly fetchedAt: string | null;
  /** Of what is asked of Apple: whether Apple could not be asked, and this is the last that is known. */
  readonly stale?: boolean;
  readonly source: 'mirror' | 'apple';
  readonly [more: string]: unknown;
}

export interface ListAnswer {
  readonly data: readonly ResourceObject[];
  readonly included?: readonly ResourceObject[];
  readonly links: { readonly self: string; readonly next?: string };
  readonly meta: AnswerMeta & {
    readonly total: number | null;
    readonly paging: { readonly total?: number; readonly limit?: number; readonly nextCursor?: string };
  };
}

export interface OneAnswer {
  readonly data: ResourceObject | null;
  readonly included?: readonly ResourceObject[];
  readonly meta: AnswerMeta;
}

/** The instant as ISO text; null stays null. */
export function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** Only the fields asked for, per type; types without a list keep all of theirs. */
export function sparse<Resource extends ResourceObject>(
  resources: readonly Resource[],
  fields: Readonly<Record<string, readonly string[] | undefined>> | undefined,
): Resource[] {
  return resources.map((resource) => {
    const names = fields?.[resource.type];
    if (!names) return resource;
    const kept = (record: Readonly<Record<string, unknown>> | undefined) =>
      record && Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
    const { attributes, relationships, ...rest } = resource;
    return {
      ...rest,
      ...(attributes ? { attributes: kept(attributes) } : {}),
      ...(relationships ? { relationships: kept(relationships) } : {}),
    } as Resource;
  });
}

/** Testers with what people call their newest device: the table of names is not for every page to carry. */
export function withDeviceNames(resources: readonly ResourceObject[]): readonly ResourceObject[] {
  return resources.map((resource) => {
    if (!factsOf(resource.type).isPerApp) return resource;
    const [device] = (resource.attributes?.appDevices ?? []) as readonly { model?: string | null }[];
    if (!device?.model) return resource;
    return { ...resource, meta: Object.assign({}, resource.meta, { deviceName: deviceName(device.model) }) };
  });
}

/**
 * The answer as this actor may see it: e-mail addresses are masked for those who may not identify testers, and nobody
 * gets the signed links of pictures, which open them to whoever holds one.
 */
export function forActor<Answer>(ctx: Pick<Ctx, 'actor'>, answer: Answer): Answer {
  const shown = withoutPictureLinks(answer);
  return may(ctx.actor, 'testers:identify') ? shown : maskEmails(shown);
}

function withoutPictureLinks<Answer>(answer: Answer): Answer {
  if (typeof answer !== 'object' || answer === null || !('data' in answer)) return answer;
  const { data, included } = answer as Answer & { readonly data: unknown; readonly included?: unknown };
  if (![data, included].flat().some(hasPictures)) return answer;
  return {
    ...answer,
    data: unlinked(data),
    ...(included === undefined ? {} : { included: unlinked(included) }),
  };
}

const hasPictures = (resource: unknown) => {
  const { attributes } = (resource ?? {}) as {
    readonly attributes?: Readonly<Record<string, unknown>> | null;
  };
  return Array.isArray(attributes?.screenshots);
};

/** A copy of any JSON in which pictures carry no address. */
export function unlinked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unlinked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name !== 'screenshots' || !Array.isArray(inner)) return [name, unlinked(inner)];
      return [name, inner.map(({ url: _, ...rest }: Readonly<Record<string, unknown>>) => rest)];
    }),
  );
}

/** The links of a list: itself and the page after. */
export function linksOf(
  path: string,
  parameters: URLSearchParams,
  next: string | undefined,
): ListAnswer['links'] {
  const address = (more: Record<string, string>) => {
    const query = new URLSearchParams(parameters);
    for (const [name, value] of Object.entries(more)) query.set(name, value);
    const text = query.toString();
    return `${path}${text === '' ? '' : `?${text}`}`;
  };
  return { self: address({}), ...(next === undefined ? {} : { next: address({ cursor: next }) }) };
}
