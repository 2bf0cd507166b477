import type { Compilable, CompiledQuery } from 'kysely';
import type { Builder } from './builder';
import type { Dialect } from './dialect';

/** A query of a known shape with its values. */
export interface Shaped<Row> {
  compileFor(dialect: Dialect): CompiledQuery<Row>;
}

/** Stands in a compiled shape where a value will stand. */
class Hole {
  constructor(readonly name: string) {}
}

/**
 * A query that is compiled once per process and engine, for what is asked all the time: building one costs as much as
 * a whole read. `make` sees no values, only their places, so it may not look at them.
 */
export function shape<Given extends object, Row>(
  make: (build: Builder, given: Given, dialect: Dialect) => Compilable<Row>,
): (given: Given) => Shaped<Row> {
  const templates = new WeakMap<Dialect, CompiledQuery<Row>>();
  const templateFor = (dialect: Dialect) => {
    const known = templates.get(dialect);
    if (known) return known;
    const holes = new Proxy({} as Given, { get: (_, name) => new Hole(String(name)) });
    const template = make(dialect.build, holes, dialect).compile();
    templates.set(dialect, template);
    return template;
  };
  return (given) => ({
    compileFor(dialect) {
      const template = templateFor(dialect);
      const values = given as Readonly<Record<string, unknown>>;
      return {
        ...template,
        parameters: template.parameters.map((value) => (value instanceof Hole ? values[value.name] : value)),
      };
    },
  });
}
