import { readFileSync } from 'node:fs';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

interface Parameter {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: boolean;
}

export interface PublishedOperation {
  readonly query: Readonly<Record<string, Parameter>>;
  readonly body: string | null;
  readonly responses: Readonly<Record<string, string | null>>;
  readonly mediaTypes?: Readonly<Record<string, string>>;
}

export interface Matched {
  readonly template: string;
  readonly operation: PublishedOperation;
  readonly params: Readonly<Record<string, string>>;
}

export interface Asked {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  /** The parsed body; undefined when there was none. */
  readonly body?: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON schemas of every form
type Schema = any;

interface Published {
  readonly paths: Readonly<Record<string, Readonly<Record<string, PublishedOperation>>>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

const published = JSON.parse(readFileSync('lib/sandbox/spec/asc-testflight.json', 'utf8')) as Published;
const ajv = new Ajv({ allErrors: true, strict: false, discriminator: true });
addFormats(ajv);
ajv.addFormat('int64', true);
ajv.addSchema({
  $id: 'published',
  components: {
    schemas: Object.fromEntries(
      Object.entries(published.schemas).map(([name, schema]) => [name, closed(schema)]),
    ),
  },
});

const isVariable = (segment: string) => segment.startsWith('{');
const ROUTES = Object.keys(published.paths)
  .map((template) => ({ template, segments: template.split('/') }))
  .sort((a, b) => a.segments.filter(isVariable).length - b.segments.filter(isVariable).length);

/** The published schemas by name. */
export const schemas = published.schemas;

/** The operation behind a request, or what is wrong with its path or method. */
export function operationOf({ method, url }: Asked): Matched | string {
  const segments = pathOf(url).split('/');
  const route = ROUTES.find(
    (one) =>
      one.segments.length === segments.length &&
      one.segments.every((part, i) => (isVariable(part) ? segments[i] !== '' : part === segments[i])),
  );
  if (!route) return `no such path: ${pathOf(url)}`;
  const operation = published.paths[route.template]?.[method.toLowerCase()];
  if (!operation) return `${method} is not offered at ${route.template}`;
  const params = Object.fromEntries(
    route.segments.flatMap((part, i) =>
      isVariable(part) ? [[part.slice(1, -1), decodeURIComponent(segments[i] ?? '')]] : [],
    ),
  );
  return { template: route.template, operation, params };
}

/** Everything that is wrong with a request by Apple's published surface; an empty list when nothing is. */
export function problemsOf(asked: Asked): string[] {
  const found = operationOf(asked);
  if (typeof found === 'string') return [found];
  const { operation, params, template } = found;
  return [
    ...queryProblems(operation, new URL(asked.url, 'https://apple.test').searchParams),
    ...bodyProblems(operation, asked.body),
    ...idProblems(asked, template, params),
  ];
}

function queryProblems({ query }: PublishedOperation, parameters: URLSearchParams): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [name, value] of parameters) {
    if (seen.has(name)) problems.push(`${name} stands twice`);
    seen.add(name);
    // `links.next` carries a cursor, although no operation lists it.
    const fact = query[name] ?? (name === 'cursor' && query.limit ? { type: 'string' } : undefined);
    if (fact) problems.push(...valueProblems(name, fact, value));
    else problems.push(`${name} is not published`);
  }
  for (const [name, fact] of Object.entries(query)) {
    if (fact.required && !seen.has(name)) problems.push(`${name} is missing`);
  }
  return problems;
}

function valueProblems(name: string, fact: Parameter, value: string): string[] {
  const values = fact.type === 'array' ? value.split(',') : [value];
  return values.flatMap((one) => {
    if (one === '') return [`${name} has an empty value`];
    if (fact.enum && !fact.enum.includes(one)) return [`${name}: ${one} is not a published value`];
    if (fact.type === 'boolean' && one !== 'true' && one !== 'false')
      return [`${name}: ${one} is no boolean`];
    if (fact.type !== 'integer') return [];
    const isInRange = Number(one) >= (fact.minimum ?? 0) && Number(one) <= (fact.maximum ?? Infinity);
    return /^\d+$/.test(one) && isInRange ? [] : [`${name}: ${one} is out of range`];
  });
}

function bodyProblems({ body: name }: PublishedOperation, body: unknown): string[] {
  if (name === null) return body === undefined ? [] : ['a body is not taken here'];
  if (body === undefined) return [`a ${name} is missing`];
  const validate = ajv.getSchema(`published#/components/schemas/${name}`) as ValidateFunction;
  if (validate(body)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

function idProblems({ method, body }: Asked, template: string, { id }: Matched['params']): string[] {
  if (method !== 'PATCH' || !template.endsWith('/{id}')) return [];
  const named = (body as { data?: { id?: unknown } } | undefined)?.data?.id;
  return typeof named === 'string' && named !== id ? [`the body names ${named}, the address ${id}`] : [];
}

const pathOf = (url: string) => new URL(url, 'https://apple.test').pathname;

/** OpenAPI's dialect as JSON schema; an object has the properties it describes and no others. */
function closed(schema: Schema): Schema {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const out: Schema = { ...schema };
  if (out.discriminator) out.discriminator = { propertyName: out.discriminator.propertyName };
  else if (out.oneOf) {
    out.anyOf = out.oneOf;
    delete out.oneOf;
  }
  for (const key of ['oneOf', 'anyOf', 'allOf', 'items']) if (out[key]) out[key] = closed(out[key]);
  if (out.properties) {
    out.properties = Object.fromEntries(
      Object.entries(out.properties).map(([name, one]) => [name, closed(one)]),
    );
    out.additionalProperties ??= false;
  }
  if (out.nullable && out.enum) out.enum = [...out.enum, null];
  return out;
}
