import type { CompiledQuery } from 'kysely';
import type { Builder } from './builder';
import type { Dialect } from './dialect';
import { type Given, Hole } from './hole';

/** A query of a known shape with its values. */
export interface Shaped<Row> {
  compileFor(dialect: Dialect): CompiledQuery<Row>;
}

/** A query of the builder or of `sql`. */
export interface Made<Row = unknown> {
  compile(build: Builder): CompiledQuery<Row>;
}

/** A query that is asked again and again with other values, so that an engine may keep what it made of it. */
export interface Kept<Row = unknown> extends CompiledQuery<Row> {
  readonly isKept: true;
}

/** A template with values in its places. */
export const filled = <Row>(template: CompiledQuery<Row>, given: object): Kept<Row> => ({
  ...template,
  isKept: true,
  parameters: template.parameters.map((value) =>
    value instanceof Hole ? value.encode(value.value(given as Given) as never) : value,
  ),
});

/**
 * A query that is compiled once per process and engine, for what is asked all the time: building one costs as much as
 * a whole read. `make` sees no values, only their places, so it may not look at them.
 */
export function shape<Values extends object, Row>(
  make: (build: Builder, given: Values, dialect: Dialect) => Made<Row>,
): (given: Values) => Shaped<Row> {
  const templates = new WeakMap<Dialect, CompiledQuery<Row>>();
  const templateFor = (dialect: Dialect) => {
    const known = templates.get(dialect);
    if (known) return known;
    const holes = new Proxy({} as Values, { get: (_, name) => new Hole((given) => given[String(name)]) });
    const template = make(dialect.build, holes, dialect).compile(dialect.build);
    templates.set(dialect, template);
    return template;
  };
  return (given) => ({ compileFor: (dialect) => filled(templateFor(dialect), given) });
}

/** The most forms that are kept; the one added first is dropped when there are more. */
const MOST_FORMS = 300;

/**
 * Queries whose wording depends on what is asked, each wording compiled once: `form` tells two of them apart. What
 * `given` holds in a list are places of their own, as many as there are.
 */
export function forms(): <Values extends object, Row>(
  form: string,
  given: Values,
  make: (build: Builder, given: Values, dialect: Dialect) => Made<Row>,
) => Shaped<Row> {
  const templates = new WeakMap<Dialect, Map<string, CompiledQuery>>();
  return <Values extends object, Row>(
    form: string,
    given: Values,
    make: (build: Builder, given: Values, dialect: Dialect) => Made<Row>,
  ) => ({
    compileFor(dialect) {
      const known = templates.get(dialect) ?? new Map<string, CompiledQuery>();
      templates.set(dialect, known);
      let template = known.get(form) as CompiledQuery<Row> | undefined;
      if (!template) {
        if (known.size >= MOST_FORMS) known.delete(known.keys().next().value ?? '');
        template = make(dialect.build, placesOf(given), dialect).compile(dialect.build);
        known.set(form, template);
      }
      return filled(template, given);
    },
  });
}

function placesOf<Values extends object>(given: Values): Values {
  const place = (name: string, value: unknown) =>
    Array.isArray(value)
      ? value.map((_, at) => new Hole((values) => (values[name] as readonly unknown[])[at]))
      : new Hole((values) => values[name]);
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, place(name, value)]),
  ) as unknown as Values;
}
