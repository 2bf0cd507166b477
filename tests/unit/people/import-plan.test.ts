import { describe, expect, it } from 'vitest';
import { readAddress } from '@/lib/services/people/csv/address';
import { guessColumns } from '@/lib/services/people/csv/columns';
import { readTable } from '@/lib/services/people/csv/read-table';
import { readGroups } from '@/lib/services/people/import/group-names';
import { countOutcomes, type KnownTester, type Named, planRows } from '@/lib/services/people/import/plan';

const GROUPS = [
  { id: 'g1', name: 'QA', isInternalGroup: false },
  { id: 'g2', name: 'Press', isInternalGroup: false },
  { id: 'g3', name: 'Friends, family; others', isInternalGroup: false },
  { id: 'g4', name: 'Twin', isInternalGroup: false },
  { id: 'g5', name: 'Twin', isInternalGroup: false },
];

async function plan(
  text: string,
  known: Record<string, Omit<KnownTester, 'buildIds'> & { buildIds?: string[] }> = {},
  { defaultGroupIds = ['g1'], builds = [] as Named[] } = {},
) {
  const table = await readTable(new TextEncoder().encode(text));
  const { mapping, hasHeader } = guessColumns(table);
  return planRows(hasHeader ? table.rows.slice(1) : table.rows, {
    mapping,
    groups: GROUPS,
    defaultGroupIds,
    builds,
    known: new Map(Object.entries(known).map(([email, one]) => [email, { buildIds: [], ...one }])),
  });
}

describe('addresses', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['Ann.Lee+beta@Example.COM', 'Ann.Lee+beta@Example.COM'],
    ['Ann Lee <ann@example.com>', 'ann@example.com'],
    ['mailto:ann@example.com', 'ann@example.com'],
  ])('%s is taken', (cell, email) => {
    expect(readAddress(cell)).toMatchObject({ ok: true, email, key: email.toLowerCase() });
  });

  it.each([
    ['', 'FLIGHTDECK.EMAIL.MISSING', /no e-mail/],
    ['ann', 'FLIGHTDECK.EMAIL.MALFORMED', /“ann” is not/],
    ['ann@', 'FLIGHTDECK.EMAIL.MALFORMED', /not an e-mail/],
    ['ann@example', 'FLIGHTDECK.EMAIL.MALFORMED', /not an e-mail/],
    ['ann lee@example.com', 'FLIGHTDECK.EMAIL.MALFORMED', /not an e-mail/],
    ['a@b@example.com', 'FLIGHTDECK.EMAIL.MALFORMED', /not an e-mail/],
    ['ann＠example.com', 'FLIGHTDECK.EMAIL.LOOK_ALIKE', /“＠” \(U\+FF20\) only looks like “@”/],
    ['ann﹫example.com', 'FLIGHTDECK.EMAIL.LOOK_ALIKE', /U\+FE6B/],
    ['аnn@example.com', 'FLIGHTDECK.EMAIL.LOOK_ALIKE', /U\+0430\) is no Latin letter/],
    ['ann@exa\u200bmple.com', 'FLIGHTDECK.EMAIL.LOOK_ALIKE', /invisible/],
    ['jörg@example.com', 'FLIGHTDECK.EMAIL.LOOK_ALIKE', /cannot stand/],
    [`${'a'.repeat(250)}@example.com`, 'FLIGHTDECK.EMAIL.MALFORMED', /too long/],
  ])('%s is refused and why', (cell, code, detail) => {
    expect(readAddress(cell)).toMatchObject({
      ok: false,
      problem: { code, detail: expect.stringMatching(detail) },
    });
  });
});

describe('groups of a row', () => {
  const ids = (cell: string, fallback: string[] = []) => {
    const read = readGroups(cell, GROUPS, fallback);
    return read.ok ? read.groups.map((group) => group.id) : read.code;
  };
  it.each([
    ['QA', ['g1']],
    ['qa ; press', ['g1', 'g2']],
    ['QA|Press', ['g1', 'g2']],
    ['QA, Press', ['g1', 'g2']],
    ['QA,QA', ['g1']],
    ['g4', ['g4']],
    ['Friends, family; others', ['g3']],
    ['Nobody', 'FLIGHTDECK.GROUP.UNKNOWN'],
    ['Twin', 'FLIGHTDECK.GROUP.AMBIGUOUS'],
    ['', 'FLIGHTDECK.GROUP.MISSING'],
  ])('“%s”', (cell, expected) => {
    expect(ids(cell)).toEqual(expected);
  });
  it('fall back to the chosen ones', () => {
    expect(ids(' ', ['g2', 'gone'])).toEqual(['g2']);
  });
});

describe('the plan', () => {
  it('says for each row what will happen', async () => {
    const rows = await plan(
      [
        'First,Last,Email,Groups',
        'New,One,new@x.com,QA',
        'In,QA,in@x.com,qa',
        'In,Press,in2@x.com,Press;QA',
        'Gone,Once,gone@x.com,QA',
        'Bad,Mail,bad@,QA',
      ].join('\n'),
      {
        'in@x.com': { testerId: 't1', state: 'INSTALLED', groupIds: ['g1'] },
        'in2@x.com': { testerId: 't2', state: 'INVITED', groupIds: ['g1'] },
        'gone@x.com': { testerId: 't3', state: 'REVOKED', groupIds: ['g1'] },
      },
    );
    expect(rows.map((row) => [row.line, row.outcome, row.testerId, row.groups.map((g) => g.name)])).toEqual([
      [2, 'invite', null, ['QA']],
      [3, 'alreadyThere', 't1', ['QA']],
      [4, 'addToGroup', 't2', ['Press']],
      [5, 'invite', 't3', ['QA']],
      [6, 'invalid', null, []],
    ]);
    expect(countOutcomes(rows)).toEqual({ invite: 2, addToGroup: 1, alreadyThere: 1, invalid: 1 });
  });

  it("takes a person of two rows once, and to the second row's other groups", async () => {
    const rows = await plan('Email,Groups\na@x.com,QA\nA@X.com,QA\na@x.com,QA;Press\n');
    expect(rows.map((row) => [row.outcome, row.reason?.detail ?? null, row.groups.map((g) => g.id)])).toEqual(
      [
        ['invite', null, ['g1']],
        ['invalid', 'The same address stands in line 2.', []],
        ['addToGroup', null, ['g2']],
      ],
    );
  });

  it('gives builds one by one instead of groups, and then reads no groups', async () => {
    const build = { id: 'b1', name: '1.0 (7)' };
    const rows = await plan(
      'Email,Groups\nnew@x.com,Nobody made this\nhas@x.com,QA\nin@x.com,\nNEW@x.com,',
      {
        'has@x.com': { testerId: 't1', state: 'INSTALLED', groupIds: ['g1'], buildIds: ['b1'] },
        'in@x.com': { testerId: 't2', state: 'ACCEPTED', groupIds: ['g1'] },
      },
      { builds: [build] },
    );
    expect(rows.map((row) => [row.outcome, row.testerId, row.groups, row.builds])).toEqual([
      ['invite', null, [], [build]],
      ['alreadyThere', 't1', [], [build]],
      ['addToGroup', 't2', [], [build]],
      ['invalid', null, [], []],
    ]);
    expect(rows[3]?.reason?.detail).toBe('The same address stands in line 2.');
  });

  it('refuses a name of 256 characters and takes one of 255', async () => {
    const rows = await plan(`First,Email\n${'é'.repeat(256)},a@x.com\n${'é'.repeat(255)},b@x.com`);
    expect(rows.map((row) => row.reason?.code ?? row.outcome)).toEqual([
      'FLIGHTDECK.NAME.TOO_LONG',
      'invite',
    ]);
  });

  it('splits full names', async () => {
    const rows = await plan(
      'Name,Email\nAnn Maria Lee,a@x.com\n"Ray, Bob",b@x.com\nCher,c@x.com\nDan Fox <d@x.com>,Dan Fox <d@x.com>',
    );
    expect(rows.map((row) => [row.firstName, row.lastName]).slice(0, 3)).toEqual([
      ['Ann Maria', 'Lee'],
      ['Bob', 'Ray'],
      ['Cher', ''],
    ]);
    expect(rows[3]).toMatchObject({ email: 'd@x.com', outcome: 'invite' });
  });
});
