export type Given = Readonly<Record<string, unknown>>;

/** Stands in a compiled query where a value will stand. */
export class Hole {
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
