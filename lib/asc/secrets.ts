import { entryOf, isResourceType } from './catalogue';
import { isIdentified, isRecord } from './shape';

/** Secrets of types that have no entry in the catalogue, since they only come along with others. */
const INCLUDED_ONLY: Readonly<Record<string, readonly string[]>> = {
  appStoreReviewDetails: ['demoAccountPassword'],
};

function secretsOf(type: string): readonly string[] {
  return isResourceType(type) ? (entryOf(type).secret ?? []) : (INCLUDED_ONLY[type] ?? []);
}

/**
 * A document without the secrets that Apple tells in reads, such as the password of a demo account: they end here, so that
 * no copy, answer or log can hold one. `meta.isSet` of a resource names those that have a value.
 */
export function withoutSecrets(document: Record<string, unknown>): Record<string, unknown> {
  const { data, included } = document;
  if (![data, included].flat().some(hasSecrets)) return document;
  return {
    ...document,
    data: Array.isArray(data) ? data.map(bare) : bare(data),
    ...(Array.isArray(included) ? { included: included.map(bare) } : {}),
  };
}

function hasSecrets(resource: unknown): boolean {
  return isIdentified(resource) && secretsOf(resource.type).length > 0;
}

function bare(resource: unknown): unknown {
  if (!isIdentified(resource) || !hasSecrets(resource)) return resource;
  const names = secretsOf(resource.type);
  const attributes = isRecord(resource.attributes) ? resource.attributes : {};
  const meta = 'meta' in resource && isRecord(resource.meta) ? resource.meta : {};
  const isSet = names.filter((name) => typeof attributes[name] === 'string' && attributes[name] !== '');
  return {
    ...resource,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name))),
    meta: { ...meta, isSet },
  };
}
