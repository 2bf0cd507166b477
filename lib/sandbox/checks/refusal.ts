import { randomUUID } from 'node:crypto';

/** One entry of Apple's `errors[]`. */
export interface ApiError {
  id: string;
  status: string;
  code: string;
  title: string;
  detail: string;
  source?: { pointer: string } | { parameter: string };
  meta?: { associatedErrors: Record<string, ApiError[]> };
}

/** An answer other than success, in Apple's error format; thrown anywhere below the request handler. */
export class Refusal extends Error {
  readonly errors: readonly ApiError[];
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(errors: readonly ApiError[], headers: Record<string, string> = {}) {
    super(errors.map((error) => `${error.code}: ${error.detail}`).join('; '));
    this.name = 'Refusal';
    this.errors = errors;
    this.status = Number(errors[0]?.status ?? 500);
    this.headers = headers;
  }
}

/** Builds one error entry with a fresh id. */
export function apiError(
  status: number,
  code: string,
  title: string,
  detail: string,
  source?: ApiError['source'],
): ApiError {
  return { id: randomUUID(), status: String(status), code, title, detail, ...(source ? { source } : {}) };
}

/** A bad query parameter: 400 `PARAMETER_ERROR.*` with `source.parameter`. */
export function parameterError(
  kind: 'ILLEGAL' | 'INVALID' | 'REQUIRED',
  parameter: string,
  detail: string,
): ApiError {
  const title =
    kind === 'REQUIRED' ? 'A required query parameter is missing' : 'A parameter has an invalid value';
  return apiError(400, `PARAMETER_ERROR.${kind}`, title, detail, { parameter });
}

/** An unacceptable attribute: 409 `ENTITY_ERROR.ATTRIBUTE.<leaf>` pointing at `/data/attributes/<name>`. */
export function attributeRefusal(name: string, leaf: string, detail: string): Refusal {
  const title = leaf.startsWith('REQUIRED')
    ? 'The provided entity is missing a required attribute'
    : 'The provided entity includes an attribute with an invalid value';
  return new Refusal([
    apiError(409, `ENTITY_ERROR.ATTRIBUTE.${leaf}`, title, detail, { pointer: `/data/attributes/${name}` }),
  ]);
}

/** An unacceptable relationship: 409 `ENTITY_ERROR.RELATIONSHIP.<leaf>`. */
export function relationshipRefusal(name: string, leaf: string, detail: string): Refusal {
  return new Refusal([
    apiError(
      409,
      `ENTITY_ERROR.RELATIONSHIP.${leaf}`,
      'The provided entity includes a relationship with an invalid value',
      detail,
      { pointer: `/data/relationships/${name}` },
    ),
  ]);
}

/** The state of a resource forbids the request: 409 `STATE_ERROR[.<leaf>]`. */
export function stateRefusal(leaf: string, detail: string, title?: string): Refusal {
  const code = leaf === '' ? 'STATE_ERROR' : `STATE_ERROR.${leaf}`;
  return new Refusal([
    apiError(
      409,
      code,
      title ?? 'The request cannot be fulfilled because of the state of another resource.',
      detail,
    ),
  ]);
}

/** A business refusal: 422 `ENTITY_UNPROCESSABLE[.<leaf>]`. */
export function unprocessable(leaf: string, title: string, detail: string): Refusal {
  const code = leaf === '' ? 'ENTITY_UNPROCESSABLE' : `ENTITY_UNPROCESSABLE.${leaf}`;
  return new Refusal([apiError(422, code, title, detail)]);
}

/** The id is unknown, or not visible to the key: 404 `NOT_FOUND`. */
export function notFound(type: string, id: string): Refusal {
  return new Refusal([
    apiError(
      404,
      'NOT_FOUND',
      'The specified resource does not exist',
      `There is no resource of type '${type}' with id '${id}'`,
    ),
  ]);
}

/** The path leads nowhere: 404 `PATH_ERROR`. */
export function pathError(path: string): Refusal {
  return new Refusal([
    apiError(404, 'PATH_ERROR', 'The URL path is not valid', `The path '${path}' does not exist`),
  ]);
}

/** The path exists, the method does not: 405. */
export function methodNotAllowed(method: string, allowed: readonly string[]): Refusal {
  return new Refusal(
    [
      apiError(
        405,
        'METHOD_NOT_ALLOWED',
        'The request method is not allowed for this path',
        `'${method}' is not allowed here. Allowed: ${allowed.join(', ')}`,
      ),
    ],
    { allow: allowed.join(', ') },
  );
}

/** Credentials missing, wrong, expired or revoked: 401; never says which, as Apple does not. */
export function notAuthorized(): Refusal {
  return new Refusal([
    apiError(
      401,
      'NOT_AUTHORIZED',
      'Authentication credentials are missing or invalid.',
      'Provide a properly configured and signed bearer token, and make sure that it has not expired. Learn more about Generating Tokens for API Requests https://developer.apple.com/go/?id=api-generating-tokens',
    ),
  ]);
}

/** Role too low, or the operation is not allowed on this resource: 403 `FORBIDDEN_ERROR`. */
export function forbidden(detail: string, code = 'FORBIDDEN_ERROR', title?: string): Refusal {
  return new Refusal([
    apiError(403, code, title ?? 'This request is forbidden for security reasons', detail),
  ]);
}
