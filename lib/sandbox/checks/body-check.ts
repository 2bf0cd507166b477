import Ajv, { type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import { type ApiError, apiError, Refusal } from './refusal';
import type { Schema, SpecDocument } from './spec';

/** A linkage in a request. */
export interface Identifier {
  type: string;
  id: string;
}

export interface BodyResource {
  type: string;
  id?: string;
  attributes?: Record<string, unknown>;
  relationships?: Record<string, { data?: Identifier | Identifier[] | null }>;
}

/** A request body after the published schema has accepted it. */
export interface Body {
  data: BodyResource | Identifier[] | Identifier;
  included?: BodyResource[];
}

/** Every described object closed, and only keywords that ajv reads as OpenAPI means them. */
function closed(schema: Schema): Schema {
  const out: Schema = { ...schema };
  if (out.discriminator) out.discriminator = { propertyName: out.discriminator.propertyName };
  else if (out.oneOf) {
    out.anyOf = out.oneOf;
    delete out.oneOf;
  }
  if (out.oneOf) out.oneOf = out.oneOf.map(closed);
  if (out.anyOf) out.anyOf = out.anyOf.map(closed);
  if (out.allOf) out.allOf = out.allOf.map(closed);
  if (out.items) out.items = closed(out.items);
  if (typeof out.additionalProperties === 'object')
    out.additionalProperties = closed(out.additionalProperties);
  if (out.properties) {
    out.properties = Object.fromEntries(
      Object.entries(out.properties).map(([name, sub]) => [name, closed(sub)]),
    );
    out.additionalProperties ??= false;
  }
  if (out.nullable && out.enum && !out.enum.includes(null)) out.enum = [...out.enum, null];
  return out;
}

const ROOT = 'asc';

function pointerOf(error: ErrorObject): string {
  const extra =
    error.keyword === 'required'
      ? error.params.missingProperty
      : error.keyword === 'additionalProperties'
        ? error.params.additionalProperty
        : null;
  return extra === null ? error.instancePath : `${error.instancePath}/${String(extra)}`;
}

function leafOf(error: ErrorObject): string {
  if (error.keyword === 'required') return 'REQUIRED';
  if (error.keyword === 'additionalProperties') return 'UNKNOWN';
  return error.keyword === 'type' ? 'TYPE' : 'INVALID';
}

function detailOf(error: ErrorObject, name: string): string {
  if (error.keyword === 'required') return `You must provide a value for '${name}' with this request`;
  if (error.keyword === 'additionalProperties') return `'${name}' is not recognized on this resource`;
  const allowed = error.params.allowedValues as unknown[] | undefined;
  return `'${name}' ${error.message ?? 'is not acceptable'}${allowed ? `: ${allowed.join(', ')}` : ''}`;
}

function translate(error: ErrorObject): ApiError {
  const pointer = pointerOf(error);
  const name = pointer.split('/').pop() ?? '';
  const detail = detailOf(error, name);
  const family = /^\/data\/attributes/.test(pointer)
    ? 'ATTRIBUTE'
    : /^\/data\/relationships/.test(pointer)
      ? 'RELATIONSHIP'
      : null;
  if (family === null)
    return apiError(422, 'ENTITY_UNPROCESSABLE', 'The request entity could not be processed', detail, {
      pointer,
    });
  const what = family === 'ATTRIBUTE' ? 'an attribute' : 'a relationship';
  return apiError(
    409,
    `ENTITY_ERROR.${family}.${leafOf(error)}`,
    `The provided entity includes ${what} with an invalid value`,
    detail,
    { pointer },
  );
}

/** Judges request bodies by Apple's schemas. */
export class BodyChecker {
  readonly #ajv = new Ajv({ allErrors: true, strict: false, discriminator: true });

  constructor(spec: SpecDocument) {
    addFormats(this.#ajv);
    this.#ajv.addFormat('int64', true);
    const schemas = Object.fromEntries(
      Object.entries(spec.schemas).map(([name, schema]) => [name, closed(schema)]),
    );
    this.#ajv.addSchema({ components: { schemas } }, ROOT);
  }

  /** Parses and checks; throws 400 for text that is not JSON, 409 or 422 for what the schema refuses. */
  check(schemaName: string, text: string, expectedId: string | null): Body {
    const body = this.#parse(text);
    const validate = this.#ajv.getSchema(`${ROOT}#/components/schemas/${schemaName}`);
    if (!validate) throw new Error(`no schema ${schemaName}`);
    if (!validate(body)) {
      const errors = (validate.errors ?? []).filter(
        (error) => !['oneOf', 'anyOf', 'if'].includes(error.keyword),
      );
      const translated = errors.map(translate).sort((a, b) => Number(b.status) - Number(a.status));
      throw new Refusal(translated.slice(0, 10));
    }
    const accepted = body as Body;
    const id = Array.isArray(accepted.data) ? undefined : accepted.data.id;
    if (expectedId !== null && id !== undefined && id !== expectedId)
      throw new Refusal([
        apiError(
          409,
          'ENTITY_ERROR.ID_MISMATCH',
          'The id in the body does not match the URL',
          `The URL names '${expectedId}', the body '${id}'`,
          { pointer: '/data/id' },
        ),
      ]);
    return accepted;
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw new Refusal([
        apiError(
          400,
          'ENTITY_INVALID',
          'The provided entity is not valid JSON',
          'Unexpected token in the JSON body',
        ),
      ]);
    }
  }
}
