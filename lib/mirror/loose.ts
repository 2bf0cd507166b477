import type { Kysely } from 'kysely';
import type { Builder } from '@/lib/store/builder';
import type { SqlValue } from '@/lib/store/store';

/** A builder for tables whose names and columns come from the facts of the mirror. */
export function loose(build: Builder): Kysely<Record<string, Record<string, SqlValue>>> {
  return build as unknown as Kysely<Record<string, Record<string, SqlValue>>>;
}

/** Rows of a table whose name comes from those facts. */
export function rowsOf(build: Builder, table: string) {
  return loose(build).selectFrom(table);
}
