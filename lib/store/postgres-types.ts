import pg from 'pg';

const { builtins } = pg.types;

/** What comes as another type than from SQLite: 64-bit integers and exact numbers as text, booleans as booleans. */
export const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [builtins.INT8]: Number,
  [builtins.NUMERIC]: Number,
  [builtins.BOOL]: (text) => (text === 't' ? 1 : 0),
};
