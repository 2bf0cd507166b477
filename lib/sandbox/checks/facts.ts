import { refName, type Schema, type SpecDocument } from './spec';

export interface RelationshipFact {
  name: string;
  many: boolean;
  /** Null for relationships that are published with links only. */
  target: string | null;
  self: boolean;
  related: boolean;
}

export type AttributeKind = 'boolean' | 'number' | 'instant' | 'text';

function kindOf(schema: Schema | undefined): AttributeKind {
  if (schema?.type === 'boolean') return 'boolean';
  if (schema?.type === 'integer' || schema?.type === 'number') return 'number';
  return schema?.format === 'date-time' ? 'instant' : 'text';
}

/** What Apple publishes about one resource type. */
export interface TypeFacts {
  type: string;
  attributes: readonly string[];
  /** How each attribute is compared and filtered. */
  kinds: ReadonlyMap<string, AttributeKind>;
  relationships: readonly RelationshipFact[];
  /** Whether `GET /v1/<type>/{id}` exists. */
  readable: boolean;
}

export type Facts = ReadonlyMap<string, TypeFacts>;

function typeOf(schema: Schema | undefined): string | null {
  return schema?.properties?.type?.enum?.[0] ?? null;
}

function relationshipsOf(spec: SpecDocument, type: string, schema: Schema): RelationshipFact[] {
  const hasGet = (path: string): boolean => spec.paths[path]?.get !== undefined;
  return Object.entries(schema.properties?.relationships?.properties ?? {}).map(([name, relationship]) => {
    const data = relationship.properties?.data;
    return {
      name,
      many: data?.type === 'array',
      target: typeOf(data?.items ?? data),
      self: hasGet(`/v1/${type}/{id}/relationships/${name}`),
      related: hasGet(`/v1/${type}/{id}/${name}`),
    };
  });
}

/** Reads the resource types out of Apple's schemas. */
export function readFacts(spec: SpecDocument): Facts {
  const facts = new Map<string, TypeFacts>();
  for (const [name, schema] of Object.entries(spec.schemas)) {
    const type = typeOf(schema);
    if (type === null || schema.properties?.data || /Request$|InlineCreate$/.test(name) || facts.has(type))
      continue;
    const attributes = schema.properties?.attributes?.properties ?? {};
    facts.set(type, {
      type,
      attributes: Object.keys(attributes),
      kinds: new Map(Object.keys(attributes).map((attribute) => [attribute, kindOf(attributes[attribute])])),
      relationships: relationshipsOf(spec, type, schema),
      readable: spec.paths[`/v1/${type}/{id}`]?.get !== undefined,
    });
  }
  return facts;
}

/** The type and plurality of a response schema's `data`, or null for documents that carry no resources. */
export function answerOf(spec: SpecDocument, schemaName: string): { type: string; many: boolean } | null {
  const data = spec.schemas[schemaName]?.properties?.data;
  if (!data) return null;
  const many = data.type === 'array';
  const item = many ? data.items : data;
  const named = refName(item);
  const type = typeOf(named === undefined ? item : spec.schemas[named]);
  return type === null ? null : { type, many };
}
