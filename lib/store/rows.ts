import type { CompiledQuery } from 'kysely';
import type { Builder } from './builder';
import type { Dialect } from './dialect';
import { type Given, Hole } from './hole';
import { filled, type Made, type Shaped } from './shape';

/** Numbers of rows that a statement is compiled for; any number is cut into these. */
const SIZES = [200, 50, 10, 1] as const;

interface Values {
  readonly rows: readonly Given[];
  readonly shared: Given;
}

const rowAt = (given: Given, at: number) => (given as unknown as Values).rows[at];
const sharedBy = (given: Given) => (given as unknown as Values).shared;

/**
 * A write of many rows, of which each has these columns, as statements for any number of rows. Building one for 200 rows
 * takes longer than running it, so each size is compiled once per process and engine.
 */
export function shapeOfRows<Row extends object, Shared extends object = object>(
  columns: readonly (keyof Row & string)[],
  make: (build: Builder, rows: Row[], dialect: Dialect, shared: Shared) => Made,
): (rows: readonly Row[], shared?: Shared) => Shaped<unknown>[] {
  const templates = new WeakMap<Dialect, Map<number, CompiledQuery>>();
  const templateFor = (dialect: Dialect, size: number): CompiledQuery => {
    const known = templates.get(dialect) ?? new Map<number, CompiledQuery>();
    templates.set(dialect, known);
    let template = known.get(size);
    if (!template) {
      const place = (at: number, name: string) => new Hole((given) => rowAt(given, at)?.[name] ?? null);
      const rows = Array.from({ length: size }, (_, at) =>
        Object.fromEntries(columns.map((name) => [name, place(at, name)])),
      );
      const shared = new Proxy({} as Shared, {
        get: (_, name) => new Hole((given) => sharedBy(given)[String(name)]),
      });
      template = make(dialect.build, rows as Row[], dialect, shared).compile(dialect.build);
      known.set(size, template);
    }
    return template;
  };
  return (rows, shared) => {
    const shaped: Shaped<unknown>[] = [];
    let from = 0;
    for (const size of SIZES) {
      for (; rows.length - from >= size; from += size) {
        const portion = { rows: rows.slice(from, from + size), shared: shared ?? {} };
        shaped.push({ compileFor: (dialect) => filled(templateFor(dialect, size), portion) });
      }
    }
    return shaped;
  };
}

/** A query whose form depends on what it is about: built when the engine that runs it is known. */
export function built<Row = unknown>(make: (build: Builder, dialect: Dialect) => Made<Row>): Shaped<Row> {
  return { compileFor: (dialect) => make(dialect.build, dialect).compile(dialect.build) };
}
