import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  required?: string[];
  enum?: (string | null)[];
  format?: string;
  nullable?: boolean;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  additionalProperties?: boolean | Schema;
  discriminator?: { propertyName: string; mapping?: Record<string, string> };
  $ref?: string;
}

export interface ParameterFact {
  type: 'array' | 'integer' | 'boolean' | 'string';
  enum?: string[];
  minimum?: number;
  maximum?: number;
  required?: boolean;
  deprecated?: boolean;
}

export interface Operation {
  operationId: string;
  query: Record<string, ParameterFact>;
  body: string | null;
  responses: Record<string, string | null>;
}

export interface SpecDocument {
  apiVersion: string;
  paths: Record<string, Record<string, Operation>>;
  schemas: Record<string, Schema>;
}

/** What a request's path leads to. */
export interface Route {
  template: string;
  /** Upper case. */
  methods: readonly string[];
  operation(method: string): Operation | undefined;
  /** First path segment after the version: the resource type. */
  type: string;
  id: string | null;
  /** `relationships`, `metrics`, or null for plain resource paths. */
  section: 'relationships' | 'metrics' | null;
  /** Relationship, related or metric name. */
  name: string | null;
}

/** Reads Apple's published surface: beside this file, beside the bundle, or in the working copy. */
export function loadSpec(): SpecDocument {
  const beside = fileURLToPath(new URL('./spec/asc-testflight.json', import.meta.url));
  const path = existsSync(beside) ? beside : resolve('lib/sandbox/spec/asc-testflight.json');
  return JSON.parse(readFileSync(path, 'utf8')) as SpecDocument;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Finds the path template of a pathname; null when Apple publishes no such path. */
export function matchRoute(spec: SpecDocument, pathname: string): Route | null {
  const segments = pathname.split('/').slice(1);
  const [version, type, id, ...rest] = segments;
  if (version === undefined || type === undefined || id === '') return null;
  const template = `/${[version, type, ...(id === undefined ? [] : ['{id}']), ...rest].join('/')}`;
  const operations = Object.hasOwn(spec.paths, template) ? spec.paths[template] : undefined;
  if (!operations) return null;
  const [first, second] = rest;
  const section = first === 'relationships' || first === 'metrics' ? first : null;
  return {
    template,
    methods: Object.keys(operations).map((method) => method.toUpperCase()),
    operation: (method) => operations[method.toLowerCase()],
    type,
    id: id === undefined ? null : decode(id),
    section,
    name: (section ? second : first) ?? null,
  };
}

/** Name of the component schema that a `$ref` leads to. */
export function refName(schema: Schema | undefined): string | undefined {
  return schema?.$ref?.split('/').pop();
}
