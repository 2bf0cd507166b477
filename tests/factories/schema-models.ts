import { readFileSync } from 'node:fs';

export interface Model {
  readonly name: string;
  /** As the database calls it. */
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** Every model of the schema, as it is written. */
export const MODELS: readonly Model[] = [
  ...readFileSync('prisma/schema.prisma', 'utf8').matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm),
].map(([, name = '', body = '']) => ({
  name,
  table: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name,
  columns: [...body.matchAll(/^ {2}(\w+)\s+(\w+)/gm)].map(([, column = '', type = '']) => ({
    name: column,
    type,
  })),
}));
