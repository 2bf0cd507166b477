import { describe, expect, it } from 'vitest';
import { personKindWord } from '@/lib/format/person';
import { ERASURE_STEPS, HOLDINGS, HOLDS_NOTHING } from '@/lib/services/person/inventory';
import { MODELS } from '@/tests/factories/schema-models';

/** Columns that may hold an address, a name, or somebody's words, by what they are called. */
const MAY_HOLD =
  /email|address|tester|person|people|comment|text|title|label|note$|body|document|payload|result|params|query|^value$|^name$|Name$|before|after|names|trouble|error|detail|bytes|^log$|Words$|devices/i;
const INSTANTS = /(At|After|Date|Until|Count)$/;

describe('what may be known of a person', () => {
  it('is in the inventory, or is said to be nothing and why', () => {
    const held = new Set(HOLDINGS.flatMap(({ columns }) => columns));
    const unsaid = MODELS.flatMap(({ name, columns }) =>
      columns
        .filter(
          ({ name: column, type }) =>
            ['String', 'Bytes'].includes(type) && MAY_HOLD.test(column) && !INSTANTS.test(column),
        )
        .map(({ name: column }) => `${name}.${column}`)
        .filter((column) => !held.has(column) && !(name in HOLDS_NOTHING) && !(column in HOLDS_NOTHING)),
    );
    expect(unsaid).toEqual([]);
  });

  it('names every table, and only what there is', () => {
    const columns = new Set(
      MODELS.flatMap(({ name, columns: all }) => all.map(({ name: column }) => `${name}.${column}`)),
    );
    const models = new Set(MODELS.map(({ name }) => name));
    const named = HOLDINGS.flatMap(({ columns: all }) => all);
    expect(named.filter((column) => !columns.has(column))).toEqual([]);
    expect(Object.keys(HOLDS_NOTHING).filter((name) => !models.has(name) && !columns.has(name))).toEqual([]);
    const covered = new Set(named.map((column) => column.split('.')[0]));
    expect([...models].filter((name) => !covered.has(name) && !(name in HOLDS_NOTHING))).toEqual([]);
    expect(MODELS.length).toBeGreaterThan(50);
  });

  it('has a word for people and a step that deals with it', () => {
    for (const { kind, erasedBy } of HOLDINGS) {
      expect(personKindWord(kind), kind).not.toBe('Something else');
      expect([...ERASURE_STEPS, 'apple']).toContain(erasedBy);
    }
    expect(new Set(HOLDINGS.map(({ kind }) => kind)).size).toBe(HOLDINGS.length);
  });
});
