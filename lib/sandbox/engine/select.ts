import type { Facts } from '../checks/facts';
import type { Query } from '../checks/query-check';
import { parameterError, Refusal } from '../checks/refusal';
import type { Resource } from './resource';
import type { Store } from './store';

type Test = (resource: Resource) => boolean;

interface Clause {
  name: string;
  values: readonly string[];
  isExists: boolean;
}

const FOLDED = new Set(['email', 'username']);

/** `filter[...]` and `exists[...]` entries of a query. */
export function clausesOf(query: Query): Clause[] {
  const clauses: Clause[] = [];
  for (const [name, values] of query.values) {
    const match = /^(filter|exists)\[(.+)\]$/.exec(name);
    if (match?.[2]) clauses.push({ name: match[2], values, isExists: match[1] === 'exists' });
  }
  return clauses;
}

/** The value of a possibly nested attribute: `state` of an upload is an object with a `state` of its own. */
function attributeText(resource: Resource, name: string): string | null {
  const value = resource.attributes[name];
  if (value === null || value === undefined) return null;
  if (typeof value === 'object' && !Array.isArray(value)) {
    const inner = (value as Record<string, unknown>)[name];
    return inner === undefined ? null : String(inner);
  }
  return FOLDED.has(name) ? String(value).toLowerCase() : String(value);
}

function attributeTest(name: string, values: readonly string[]): Test {
  const wanted = new Set(FOLDED.has(name) ? values.map((value) => value.toLowerCase()) : values);
  return (resource) => {
    const value = resource.attributes[name];
    if (Array.isArray(value)) return value.some((one) => wanted.has(String(one)));
    const text = attributeText(resource, name);
    return text !== null && wanted.has(text);
  };
}

/** Filters and sorts resources as a query asks, driven by what Apple publishes about the type. */
export class Selector {
  readonly #store: Store;
  readonly #facts: Facts;

  constructor(store: Store, facts: Facts) {
    this.#store = store;
    this.#facts = facts;
  }

  /** Resources of a type that match; candidates come from the narrowest index the filters offer. */
  select(type: string, query: Query, within: Iterable<Resource> | null): Resource[] {
    const clauses = clausesOf(query);
    const candidates = within ?? this.#candidates(type, clauses);
    const tests = clauses.map((clause) => this.#test(type, clause));
    const found: Resource[] = [];
    for (const resource of candidates) if (tests.every((test) => test(resource))) found.push(resource);
    return this.#sorted(type, found, query.values.get('sort') ?? []);
  }

  #candidates(type: string, clauses: readonly Clause[]): Iterable<Resource> {
    const byId = clauses.find((clause) => clause.name === 'id');
    if (byId) return byId.values.flatMap((id) => this.#store.get(type, id) ?? []);
    for (const { name, values, isExists } of clauses) {
      if (isExists || name.includes('.')) continue;
      const target = this.#relationshipTarget(type, name);
      if (target === null) continue;
      return this.#reached(type, name, target, values);
    }
    return this.#store.all(type).values();
  }

  /** Resources of a type at the other end of a relationship of the named targets. */
  #reached(type: string, name: string, target: string, ids: readonly string[]): Iterable<Resource> {
    const inverse = this.#store.inverseName(type, name);
    if (inverse === null) return this.#store.all(type).values();
    const found = new Map<string, Resource>();
    for (const id of new Set(ids)) {
      const far = this.#store.get(target, id);
      if (far) for (const resource of this.#store.related(far, inverse)) found.set(resource.id, resource);
    }
    return found.values();
  }

  #relationshipTarget(type: string, name: string): string | null {
    const published = this.#facts.get(type)?.relationships.some((relationship) => relationship.name === name);
    return published ? this.#store.targetOf(type, name) : null;
  }

  #test(type: string, clause: Clause): Test {
    const { name, values } = clause;
    if (clause.isExists) return this.#existsTest(type, name, values[0] === 'true');
    if (name === 'id') return (resource) => values.includes(resource.id);
    const instant = /^(\w+)(GreaterThanOrEqualTo|LessThan)$/.exec(name);
    if (instant?.[1]) return this.#instantTest(clause, instant[1], instant[2] === 'LessThan');
    const dot = name.indexOf('.');
    if (dot > 0) return this.#nestedTest(type, name.slice(0, dot), name.slice(dot + 1), values);
    const facts = this.#facts.get(type);
    if (facts?.attributes.includes(name)) {
      this.#checkBoolean(facts.kinds.get(name) === 'boolean', clause);
      return attributeTest(name, values);
    }
    return (resource) => values.some((id) => this.#store.isRelated(resource, name, id));
  }

  #checkBoolean(isBoolean: boolean, { name, values }: Clause): void {
    if (isBoolean && values.some((value) => value !== 'true' && value !== 'false'))
      throw new Refusal([
        parameterError('INVALID', `filter[${name}]`, `'${values.join(',')}' is not a boolean`),
      ]);
  }

  #existsTest(type: string, name: string, wanted: boolean): Test {
    const isAttribute = this.#facts.get(type)?.attributes.includes(name) ?? false;
    return (resource) => {
      const exists = isAttribute
        ? resource.attributes[name] !== null && resource.attributes[name] !== undefined
        : this.#store.relatedCount(resource, name) > 0;
      return exists === wanted;
    };
  }

  #instantTest({ name, values }: Clause, attribute: string, isBefore: boolean): Test {
    const bound = Date.parse(values[0] ?? '');
    if (Number.isNaN(bound))
      throw new Refusal([parameterError('INVALID', `filter[${name}]`, `'${values[0]}' is not a valid date`)]);
    return (resource) => {
      const at = Date.parse(String(resource.attributes[attribute]));
      return isBefore ? at < bound : at >= bound;
    };
  }

  #nestedTest(type: string, relationship: string, attribute: string, values: readonly string[]): Test {
    const target = this.#store.targetOf(type, relationship);
    if (target === null) return () => false;
    const test = this.#test(target, { name: attribute, values, isExists: false });
    return (resource) => this.#store.related(resource, relationship).some(test);
  }

  #sorted(type: string, found: Resource[], keys: readonly string[]): Resource[] {
    if (keys.length === 0) return found;
    const orders = keys.map((key) => ({
      read: this.#reader(type, key.replace(/^-/, '')),
      sign: key.startsWith('-') ? -1 : 1,
    }));
    const rows = found.map((resource) => ({ resource, keys: orders.map(({ read }) => read(resource)) }));
    rows.sort((a, b) => {
      for (const [index, { sign }] of orders.entries()) {
        const order = compare(a.keys[index] ?? null, b.keys[index] ?? null);
        if (order !== 0) return order * sign;
      }
      return 0;
    });
    return rows.map(({ resource }) => resource);
  }

  /** Reads a sort key: an attribute by its kind, or the version of a related train. */
  #reader(type: string, name: string): (resource: Resource) => string | number | null {
    const kind = this.#facts.get(type)?.kinds.get(name);
    if (kind === 'instant') return (resource) => Date.parse(String(resource.attributes[name])) || null;
    if (kind === 'number') return (resource) => numberOf(resource.attributes[name]);
    if (kind !== undefined)
      return /version/i.test(name)
        ? (resource) => padded(attributeText(resource, name))
        : (resource) => attributeText(resource, name);
    return (resource) => {
      const related = this.#store.relatedOne(resource, name);
      return related ? padded(attributeText(related, 'version')) : null;
    };
  }
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** Versions compare number by number: 1.10 comes after 1.9. */
function padded(version: string | null): string | null {
  return version === null ? null : version.replace(/\d+/g, (digits) => digits.padStart(12, '0'));
}

/** Unset values come last when ascending. */
function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
