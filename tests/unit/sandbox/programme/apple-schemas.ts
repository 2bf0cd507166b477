import { readFileSync } from 'node:fs';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Seed } from '@/lib/sandbox/programme/types';

interface Schema {
  type?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
  required?: string[];
  $ref?: string;
}

const document = JSON.parse(
  readFileSync(new URL('../../../../lib/sandbox/spec/asc-testflight.json', import.meta.url), 'utf8'),
) as { schemas: Record<string, Schema> };

/** Apple's schemas with unknown properties refused; unset attributes may be null, as the service sends them. */
function tightened(schema: unknown, isOptional: boolean): unknown {
  if (Array.isArray(schema)) return schema.map((part) => tightened(part, false));
  if (typeof schema !== 'object' || schema === null) return schema;
  const source = schema as Schema & Record<string, unknown>;
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(source)) {
    if (key === '$ref') out.$ref = String(value).replace('#/components/schemas/', '#/schemas/');
    else if (key === 'properties') {
      const required = new Set(source.required ?? []);
      out.properties = Object.fromEntries(
        Object.entries(source.properties ?? {}).map(([name, part]) => [
          name,
          tightened(part, !required.has(name)),
        ]),
      );
    } else out[key] = key === 'enum' || key === 'required' ? value : tightened(value, false);
  }
  if (source.properties && source.additionalProperties === undefined) out.additionalProperties = false;
  return isOptional ? { anyOf: [out, { type: 'null' }] } : out;
}

const ajv = new Ajv({ strict: false, allErrors: false });
addFormats(ajv);
ajv.addFormat('int64', true);
ajv.addSchema(
  {
    schemas: Object.fromEntries(
      Object.entries(document.schemas).map(([name, schema]) => [name, tightened(schema, false)]),
    ),
  },
  'apple',
);

const byType = new Map<string, string>();
for (const [name, schema] of Object.entries(document.schemas)) {
  const type = schema.properties?.type?.enum?.[0];
  const isResource = schema.properties?.id && !/Request|InlineCreate|Linkage|Response/.test(name);
  if (typeof type === 'string' && isResource && !byType.has(type)) byType.set(type, name);
}

const validators = new Map<string, ValidateFunction>();

/** The validator of a schema by name, such as `diagnosticLogs`. */
export function validatorOf(name: string): ValidateFunction {
  const known = validators.get(name);
  if (known) return known;
  const made = ajv.getSchema(`apple#/schemas/${name}`);
  if (!made) throw new Error(`no schema ${name}`);
  validators.set(name, made);
  return made;
}

function relationshipSchema(type: string, name: string): Schema | undefined {
  return document.schemas[byType.get(type) ?? '']?.properties?.relationships?.properties?.[name];
}

/** Relationship names of a seed that Apple's schema of its type does not have. */
export function pseudoNames(seed: Seed): string[] {
  return Object.keys(seed.relationships).filter((name) => !relationshipSchema(seed.type, name));
}

function linkage(type: string, name: string, ids: string | readonly string[] | null): unknown {
  const data = relationshipSchema(type, name)?.properties?.data;
  const target = (data?.items ?? data)?.properties?.type?.enum?.[0] ?? 'unlisted';
  if (ids === null) return { data: null };
  return {
    data: typeof ids === 'string' ? { type: target, id: ids } : ids.map((id) => ({ type: target, id })),
  };
}

/** What Apple's schema has against a seed; null when nothing. */
export function complaintAbout(seed: Seed): string | null {
  const name = byType.get(seed.type);
  if (!name) return `${seed.type}: no such type`;
  const published = Object.entries(seed.relationships).filter(([key]) => relationshipSchema(seed.type, key));
  const resource = {
    type: seed.type,
    id: seed.id,
    attributes: seed.attributes,
    ...(published.length > 0 && {
      relationships: Object.fromEntries(published.map(([key, ids]) => [key, linkage(seed.type, key, ids)])),
    }),
  };
  const validate = validatorOf(name);
  if (validate(resource)) return null;
  return `${seed.type} ${seed.id}: ${JSON.stringify(validate.errors)}`;
}
