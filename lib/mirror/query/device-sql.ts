import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Dialect } from '@/lib/store/dialect';
import type { FilterFact, IsOne, Together } from './fact-types';

// What lists of testers ask of the devices of a tester `t`: of any, and of one that has it all where several things are asked.

type Text = RawBuilder<string | null>;
type Field = 'model' | 'osVersion' | 'appBuildVersion' | 'platform';

// Apple writes iPhone17,1 and iPhone17_1; a comma would end the value in an address.
export const modelWord = (value: Text): Text => sql`replace(${value}, ',', '_')`;

/** What each filter asks of a device; of one whose model is not told, the platform says what is known. */
const ASKED: Readonly<Record<string, (of: (field: Field) => Text) => Text>> = {
  device: (of) => sql`coalesce(${modelWord(of('model'))}, 'none-' || (${of('platform')}))`,
  os: (of) => of('osVersion'),
  installedBuild: (of) => of('appBuildVersion'),
  devicePlatform: (of) => of('platform'),
};

const COLUMNS: Partial<Record<Field, string>> = {
  ...{ model: 'deviceModel', osVersion: 'osVersion', appBuildVersion: 'installedBuild' },
};
const inColumn = (field: Field): Text => {
  const column = COLUMNS[field];
  return column === undefined ? sql`CAST(NULL AS TEXT)` : sql.ref(`t.${column}`);
};

/** Most testers have one device, whose facts stand in columns but for its platform: only other lists are opened. */
function onOneDevice(
  asked: readonly (readonly [name: string, isOne: IsOne])[],
  dialect: Dialect,
): RawBuilder<SqlBool> {
  const holds = (of: (field: Field) => Text) =>
    sql.join(
      asked.map(([name, isOne]) => isOne(ASKED[name]?.(of) ?? sql`NULL`)),
      sql` AND `,
    );
  const opened = sql<SqlBool>`EXISTS (SELECT 1 FROM ${dialect.members(sql`t."appDevices"`, 'd')}
    WHERE ${holds((field) => dialect.memberField('d', field))})`;
  if (asked.some(([name]) => name === 'devicePlatform')) return opened;
  return sql`CASE WHEN t."deviceModel" IS NULL OR ${dialect.contains(sql`t."appDevices"`, '},{')}
    THEN ${opened} ELSE (${holds(inColumn)}) END`;
}

export const DEVICE_FILTERS: Readonly<Record<string, FilterFact>> = Object.fromEntries(
  Object.keys(ASKED).map((name) => [
    name,
    { where: (isOne: IsOne, dialect: Dialect) => onOneDevice([[name, isOne]], dialect) },
  ]),
);

/** Several of them mean one and the same device. */
export const ON_ONE_DEVICE: Together = { of: Object.keys(ASKED), where: onOneDevice };
