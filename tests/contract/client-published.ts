import { readFileSync } from 'node:fs';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

interface Parameter {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly maximum?: number;
  readonly required?: boolean;
}

export interface PublishedOperation {
  readonly query?: Readonly<Record<string, Parameter>>;
  readonly body: string | null;
}

interface Published {
  readonly paths: Readonly<Record<string, Readonly<Record<string, PublishedOperation>>>>;
  readonly schemas: Readonly<Record<string, object>>;
}

/** Apple's published surface as a judge of requests; it knows nothing of the catalogue. */
export class PublishedSurface {
  readonly #published = JSON.parse(readFileSync('lib/sandbox/spec/asc-testflight.json', 'utf8')) as Published;
  readonly #ajv = new Ajv({ allErrors: true, strict: false });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor() {
    addFormats(this.#ajv);
    this.#ajv.addFormat('int64', true);
    this.#ajv.addSchema({ $id: 'asc', components: { schemas: closed(this.#published.schemas) } });
  }

  operation(method: string, template: string): PublishedOperation {
    const operation = this.#published.paths[template]?.[method.toLowerCase()];
    if (!operation) throw new Error(`${method} ${template} is not published`);
    return operation;
  }

  /** Everything wrong with a query string, by the published parameters. */
  judgeQuery({ query = {} }: PublishedOperation, text: string): string[] {
    const problems: string[] = [];
    const seen = new Set<string>();
    for (const [name, value] of new URLSearchParams(text)) {
      const fact = query[name];
      if (!fact) problems.push(`${name} is not published`);
      if (seen.has(name)) problems.push(`${name} stands twice`);
      seen.add(name);
      const list = fact?.type === 'array' ? value.split(',') : [value];
      for (const one of list) {
        if (fact?.enum && !fact.enum.includes(one)) problems.push(`${name}: ${one} is not a published value`);
        if (fact?.type === 'integer' && !(Number(one) >= 1 && Number(one) <= (fact.maximum ?? 1e9))) {
          problems.push(`${name}: ${one} is out of range`);
        }
      }
    }
    for (const [name, fact] of Object.entries(query)) {
      if (fact.required && !seen.has(name)) problems.push(`${name} is missing`);
    }
    return problems;
  }

  /** Everything wrong with a body, by the published schema; unknown properties count. */
  judgeBody({ body }: PublishedOperation, value: unknown): string[] {
    if (body === null) return value === undefined ? [] : ['no body is taken here'];
    if (value === undefined) return [`a ${body} is missing`];
    let validate = this.#validators.get(body);
    if (!validate) {
      validate = this.#ajv.compile({ $ref: `asc#/components/schemas/${body}` });
      this.#validators.set(body, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) =>
      `${instancePath} ${message} ${JSON.stringify(params)}`.trim(),
    );
  }
}

/** OpenAPI's dialect as JSON schema: null where it says nullable, and nothing beyond the named properties. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  if (copy.nullable === true) {
    delete copy.nullable;
    return { anyOf: [copy, { type: 'null' }] };
  }
  const isOpen = !('properties' in copy) || 'additionalProperties' in copy;
  return copy.type === 'object' && !isOpen ? { ...copy, additionalProperties: false } : copy;
}
