import { type ApiError, parameterError, Refusal } from './refusal';
import type { Operation, ParameterFact } from './spec';

/** A request's query as the operation understands it. */
export interface Query {
  /** Name to values; comma-separated lists are split, everything else is one value. */
  values: ReadonlyMap<string, readonly string[]>;
  include: readonly string[];
  /** Sparse fieldsets by type. */
  fields: ReadonlyMap<string, ReadonlySet<string>>;
  limit: number | null;
  limits: ReadonlyMap<string, number>;
  cursor: string | null;
}

function illegal(name: string, operation: Operation): ApiError {
  const inner = /^(filter|exists|fields|limit)\[(.*)\]$/.exec(name);
  const what = inner
    ? `'${inner[2]}' is not a valid ${inner[1] === 'fields' ? 'field' : inner[1]} type`
    : null;
  const cursorless = name === 'cursor' ? 'This request has no pages' : null;
  return parameterError(
    'ILLEGAL',
    name,
    what ??
      cursorless ??
      `The parameter '${name}' can not be used with this request (${operation.operationId})`,
  );
}

function checkValue(fact: ParameterFact, value: string): string | null {
  if (fact.type === 'integer') {
    if (!/^\d+$/.test(value)) return `'${value}' is not a valid integer`;
    const number = Number(value);
    const minimum = fact.minimum ?? 1;
    if (number < minimum) return `The value must be at least ${minimum}`;
    if (fact.maximum !== undefined && number > fact.maximum) return `The maximum value is ${fact.maximum}`;
    return null;
  }
  if (fact.type === 'boolean')
    return value === 'true' || value === 'false' ? null : `'${value}' is not a boolean`;
  if (value === '') return 'The value must not be empty';
  if (fact.enum && !fact.enum.includes(value))
    return `'${value}' is not a valid value. Allowed: ${fact.enum.join(', ')}`;
  return null;
}

function bracketed(name: string): string | null {
  return /\[(.*)\]$/.exec(name)?.[1] ?? null;
}

/** Judges a query string by the published operation; throws every problem it finds as one 400. */
export function checkQuery(operation: Operation, search: URLSearchParams): Query {
  const problems: ApiError[] = [];
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of search) {
    const isCursor = name === 'cursor' && operation.query.limit !== undefined;
    const fact = Object.hasOwn(operation.query, name) ? operation.query[name] : undefined;
    if (!fact && !isCursor) problems.push(illegal(name, operation));
    else if (values.has(name))
      problems.push(
        parameterError('ILLEGAL', name, 'A parameter may be given once; separate values by commas'),
      );
    else {
      const list = fact?.type === 'array' ? value.split(',') : [value];
      values.set(name, list);
      const detail = fact ? list.map((one) => checkValue(fact, one)).find((one) => one !== null) : null;
      if (detail) problems.push(parameterError('INVALID', name, detail));
    }
  }
  for (const [name, fact] of Object.entries(operation.query)) {
    if (fact.required && !values.has(name))
      problems.push(
        parameterError('REQUIRED', name, `The parameter '${name}' is required but was not provided`),
      );
  }
  if (problems.length > 0) throw new Refusal(problems);
  return shape(values);
}

function shape(values: ReadonlyMap<string, readonly string[]>): Query {
  const fields = new Map<string, ReadonlySet<string>>();
  const limits = new Map<string, number>();
  for (const [name, list] of values) {
    const inner = bracketed(name);
    if (inner === null) continue;
    if (name.startsWith('fields[')) fields.set(inner, new Set(list));
    if (name.startsWith('limit[')) limits.set(inner, Number(list[0]));
  }
  const limit = values.get('limit')?.[0];
  return {
    values,
    include: values.get('include') ?? [],
    fields,
    limit: limit === undefined ? null : Number(limit),
    limits,
    cursor: values.get('cursor')?.[0] ?? null,
  };
}
