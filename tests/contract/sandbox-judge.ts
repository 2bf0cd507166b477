import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { loadSpec, type Operation, type Schema } from '@/lib/sandbox/checks/spec';

/*
 * Judges documents by Apple's published schemas, independently of the sandbox's own reading of them. Known
 * differences of the live service are accepted: null for unset properties, and usage metrics as they really come.
 */

export const spec = loadSpec();

/** Every published operation as a table row. */
export const operations = Object.entries(spec.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

function orNull(schema: Schema): unknown {
  if (schema.type && !schema.discriminator)
    return { ...schema, nullable: true, ...(schema.enum ? { enum: [...schema.enum, null] } : {}) };
  return { if: { type: 'null' }, else: schema };
}

function prepared(schema: Schema): Schema {
  const out: Schema = { ...schema };
  if (out.discriminator) out.discriminator = { propertyName: out.discriminator.propertyName };
  else if (out.oneOf) {
    out.anyOf = out.oneOf;
    delete out.oneOf;
  }
  if (out.oneOf) out.oneOf = out.oneOf.map(prepared);
  if (out.anyOf) out.anyOf = out.anyOf.map(prepared);
  if (out.items) out.items = prepared(out.items);
  if (out.properties) {
    const required = new Set(out.required ?? []);
    out.properties = Object.fromEntries(
      Object.entries(out.properties).map(([name, sub]) => [
        name,
        (required.has(name) ? prepared(sub) : orNull(prepared(sub))) as Schema,
      ]),
    );
    out.additionalProperties ??= false;
  }
  return out;
}

/** Usage metrics as the service sends them: a type per group, identifier objects as dimensions, plain dates. */
function asServed(name: string, schema: Schema): Schema {
  if (!name.endsWith('MetricResponse')) return schema;
  const out = structuredClone(schema);
  const group = out.properties?.data?.items?.properties ?? {};
  group.type = { type: 'string' };
  for (const dimension of Object.values(group.dimensions?.properties ?? {}))
    if (dimension.properties)
      dimension.properties.data = {
        type: 'object',
        properties: { type: { type: 'string' }, id: { type: 'string' } },
        required: ['type', 'id'],
      };
  const point = group.dataPoints?.items?.properties ?? {};
  for (const key of ['start', 'end']) point[key] = { type: 'string', format: 'date' };
  return out;
}

const ajv = new Ajv({ allErrors: true, strict: false, discriminator: true });
addFormats(ajv);
ajv.addFormat('int64', true);
ajv.addSchema(
  {
    components: {
      schemas: Object.fromEntries(
        Object.entries(spec.schemas).map(([name, schema]) => [name, prepared(asServed(name, schema))]),
      ),
    },
  },
  'asc',
);

function validator(name: string): ValidateFunction {
  const found = ajv.getSchema(`asc#/components/schemas/${name}`);
  if (!found) throw new Error(`no schema ${name}`);
  return found as ValidateFunction;
}

/** What is wrong with an answer, as texts; an empty list when Apple could have sent it. */
export function complaints(operation: Operation, status: number, body: unknown): string[] {
  const name = operation.responses[String(status)];
  if (name === undefined)
    return [`status ${status} is not published for ${operation.operationId}: ${JSON.stringify(body)}`];
  if (name === null) return body === null ? [] : [`status ${status} carries no body`];
  const validate = validator(name);
  if (validate(body)) return [];
  return (validate.errors ?? [])
    .filter((error) => !['oneOf', 'anyOf', 'if'].includes(error.keyword))
    .map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}
