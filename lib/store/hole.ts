export type Given = Readonly<Record<string, unknown>>;

// Next bundles start-up and routes apart, so a process may hold a class twice: its instances are known by this mark.
const HOLE: unique symbol = Symbol.for('flightdeck.Hole');

/** Stands in a compiled query where a value will stand. */
export class Hole {
  readonly [HOLE] = true;

  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && HOLE in value;
  }

  constructor(
    readonly value: (given: Given) => unknown,
    /** Makes of the value what is given to the engine. */
    readonly encode: (value: never) => unknown = (value) => value,
  ) {}
}

/** A value as an engine takes it, also where only its place in a shape is known. */
export function encoded<Value>(value: Value, encode: (value: Value) => unknown): unknown {
  return value instanceof Hole ? new Hole(value.value, encode) : encode(value);
}
