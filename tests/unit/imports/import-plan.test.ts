import { describe, expect, it } from 'vitest';
import { readAddress } from '@/lib/services/imports/csv/address';
import { guessColumns } from '@/lib/services/imports/csv/columns';
import { readTable } from '@/lib/services/imports/csv/read-table';
import { readGroups } from '@/lib/services/imports/group-names';
import { splitName } from '@/lib/services/imports/names';
import { countOutcomes, type KnownTester, type Named, planRows } from '@/lib/services/imports/plan';

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
  const { mapping, body } = guessColumns(table, { groups: GROUPS });
  return planRows(body, {
    mapping,
    groups: GROUPS,
    defaultGroupIds,
    builds,
    known: new Map(Object.entries(known).map(([email, one]) => [email, [{ buildIds: [], ...one }]])),
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
    const cells = { groupsCell: cell, groupIdsCell: '' };
    const read = readGroups(cells, { groups: GROUPS, defaultGroupIds: fallback });
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
    expect(countOutcomes(rows)).toEqual({ invite: 2, addToGroup: 1, alreadyThere: 1, held: 0, invalid: 1 });
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
    const rows = await plan(`First,Email\n${'α'.repeat(256)},a@x.com\n${'α'.repeat(255)},b@x.com`);
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

describe('addresses the standard allows', () => {
  it.each(
    "r&d@x.com a/b@x.com 50%off@x.com k=v@x.com o'brien@x.com wow!@x.com a#b@x.com a$b@x.com a*b@x.com a+b@x.com a?b@x.com a^b@x.com _a_@x.com {a}@x.com a|b@x.com a~b@x.com a`b@x.com -a@x.com a@xn--bcher-kva.de a@sub.x-y.museum".split(
      ' ',
    ),
  )('%s', (email) => {
    expect(readAddress(email)).toMatchObject({ ok: true, email });
  });

  it.each([
    ["'mara@example.com", 'mara@example.com'],
    ["'mara@example.com'", 'mara@example.com'],
    ['‘mara@example.com’', 'mara@example.com'],
    ['<mara@example.com>', 'mara@example.com'],
    ['"Lind, Mara" <mara@example.com>', 'mara@example.com'],
    ["'Mara' <o'brien@example.com>", "o'brien@example.com"],
  ])('%s is %s', (cell, email) => {
    expect(readAddress(cell)).toMatchObject({ ok: true, email });
  });

  it.each([
    ['mara..lind@example.com', /two dots in a row/],
    ['mara@example..com', /two dots in a row/],
    ['.mara@example.com', /begins with a dot/],
    ['mara.@example.com', /right before the @/],
    ['mara@example.com.', /ends with a dot/],
    ['mara example.com', /space inside/],
    ['mara.example.com', /no @/],
    ['a@b@example.com', /two @/],
    ['@example.com', /nothing stands before/],
    ['mara@', /nothing stands after/],
    ['mara@example', /no ending such as/],
    ['mara@example.c', /no ending of a domain/],
    ['mara@-example.com', /hyphen/],
    ['mara@exa_mple.com', /“_” cannot stand in a domain/],
    [`mara@${'a'.repeat(64)}.com`, /longer than 63/],
    [`${'a'.repeat(65)}@example.com`, /more than 64/],
    ['mara@[10.0.0.1]', /number in brackets/],
    ['mara(x)@example.com', /cannot stand before/],
    ['"mara lind"@example.com', /quotation marks|space/],
    ['o’brien@example.com', /“’” \(U\+2019\) only looks like “'”/],
    ['mara–lind@example.com', /only looks like “-”/],
    ['mara@bücher.example', /ASCII form: mara@xn--bcher-kva.example/],
    ['mara@exаmple.com', /U\+0430\) is no Latin letter/],
    ['m\ufffdra@example.com', /was lost/],
    ['mara_example.org#EXT#@corp.onmicrosoft.com', /Azure names a guest/],
  ])('%s is refused with its true reason', (cell, detail) => {
    expect(readAddress(cell)).toMatchObject({
      ok: false,
      problem: { detail: expect.stringMatching(detail) },
    });
  });
});

describe('names that look broken', () => {
  it.each([
    'JosÃ©',
    'MÃ¼ller',
    'Ð\u0090Ð½Ð½Ð°',
    'РђРЅРЅР°',
    'M√ºller',
    '鏉庡▼',
    'M\ufffdller',
    'M?ller',
    '???',
    'Jos?',
    'Èìÿ Àííà',
    'Jos&eacute;',
    '=?UTF-8?Q?Jos=C3=A9?=',
    'Bell\u0007a',
    'Аnna',
    'ÕÅÎ°',
    'Mﾃｼller',
    'mara@example.com x',
    '12345',
  ])('%j is held back, and its address is not lost', async (name) => {
    const table = await readTable(new TextEncoder().encode(`Name,Email\n"${name}",a@x.com\nAnn Lee,b@x.com`));
    const facts = {
      mapping: { fullName: 0, email: 1 },
      groups: GROUPS,
      defaultGroupIds: ['g1'],
      builds: [],
      known: new Map(),
    };
    const body = table.rows.slice(1);
    const rows = planRows(body, facts);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['held', 'invite']);
    expect(rows[0]).toMatchObject({ email: 'a@x.com', reason: { code: 'FLIGHTDECK.NAME.UNCONFIRMED' } });
    const id = rows[0]?.id ?? '';
    expect(planRows(body, { ...facts, names: { [id]: 'keep' } })[0]?.outcome).toBe('invite');
    expect(planRows(body, { ...facts, names: { '*': 'drop' } })).toMatchObject([
      { outcome: 'invite', firstName: '', lastName: '' },
      { outcome: 'invite', firstName: 'Ann', lastName: 'Lee' },
    ]);
  });

  it.each([
    'José Müller',
    'Zoë Strauß',
    'Åse Bjørn',
    'Nguyễn Thị Ánh',
    'Łukasz Żak',
    'O’Brien',
    'D’Angelo-Ŝ',
    'Анна Иванова',
    '李娜',
    '山田 太郎',
    'ヤマダ',
    '김민준',
    'Ελένη',
    'محمد',
    'שרה',
    'अनीता',
    'สมชาย',
    'Þór Guðmundsdóttir',
    'Ng',
    'X Æ A-12',
    'Jean-Luc III',
  ])('%s is not', async (name) => {
    const [row] = await plan(`Full name,Email\n"${name}",a@x.com\n`);
    expect(row?.outcome).toBe('invite');
  });
});

describe('one address, several records', () => {
  const groups = [
    { id: 'i1', name: 'Team', isInternalGroup: true },
    { id: 'i2', name: 'Staff', isInternalGroup: true },
    { id: 'e1', name: 'QA', isInternalGroup: false },
    { id: 'e2', name: 'Press', isInternalGroup: false },
  ];
  const record = (testerId: string, groupIds: string[], state = 'INSTALLED'): KnownTester => ({
    testerId,
    state,
    groupIds,
    buildIds: [],
  });
  const planned = (cell: string, records: KnownTester[], chosen: Record<string, string> = {}) =>
    planRows([{ line: 1, cells: ['Mara@x.com', cell] }], {
      mapping: { email: 0, groups: 1 },
      groups,
      defaultGroupIds: [],
      builds: [],
      known: new Map([['mara@x.com', records]]),
      records: chosen,
    });
  const told = (rows: ReturnType<typeof planned>) =>
    rows.map(({ outcome, testerId, groups: places }) => [
      outcome,
      testerId,
      places.map(({ id }) => id).join(),
    ]);

  it('each group is looked for with the record of its kind', () => {
    const both = [record('ti', ['i1']), record('te', ['e1'])];
    expect(told(planned('Press', both))).toEqual([['addToGroup', 'te', 'e2']]);
    expect(told(planned('Staff', both))).toEqual([['addToGroup', 'ti', 'i2']]);
    expect(told(planned('Team', both.toReversed()))).toEqual([['alreadyThere', 'ti', 'i1']]);
    expect(told(planned('Team;Press', both))).toEqual([
      ['alreadyThere', 'ti', 'i1'],
      ['addToGroup', 'te', 'e2'],
    ]);
  });

  it('one that has lost access gives way; two that fit alike are a question', () => {
    expect(told(planned('Press', [record('gone', [], 'REVOKED'), record('te', ['e1'])]))).toEqual([
      ['addToGroup', 'te', 'e2'],
    ]);
    const alike = [record('t1', ['e1']), record('t2', [])];
    const [row] = planned('Press', alike);
    expect(row).toMatchObject({
      outcome: 'invalid',
      reason: { code: 'FLIGHTDECK.TESTER.AMBIGUOUS' },
      question: {
        kind: 'record',
        options: [
          { id: 't1', name: 'QA' },
          { id: 't2', name: '' },
        ],
      },
    });
    expect(told(planned('Press', alike, { 'mara@x.com': 't2' }))).toEqual([['addToGroup', 't2', 'e2']]);
  });
});

describe('groups of one name', () => {
  const row = (
    cells: { groupsCell?: string; groupIdsCell?: string },
    groupNames: Record<string, string> = {},
  ) =>
    readGroups(
      { groupsCell: '', groupIdsCell: '', ...cells },
      { groups: GROUPS, defaultGroupIds: ['g2'], groupNames },
    );

  it('are a question with the groups to choose from, answered once for the file', () => {
    expect(row({ groupsCell: 'twin' })).toMatchObject({
      ok: false,
      code: 'FLIGHTDECK.GROUP.AMBIGUOUS',
      question: { name: 'twin', key: 'twin', options: [{ id: 'g4' }, { id: 'g5' }] },
    });
    expect(row({ groupsCell: 'Twin;QA' }, { twin: 'g5' })).toMatchObject({
      ok: true,
      groups: [{ id: 'g5' }, { id: 'g1' }],
    });
    expect(row({ groupsCell: 'Nobody' })).toMatchObject({ question: { key: 'nobody', options: [] } });
    expect(row({ groupsCell: 'Nobody' }, { nobody: '' })).toMatchObject({ ok: true, groups: [{ id: 'g2' }] });
    expect(row({ groupsCell: 'constructor' })).toMatchObject({ ok: false });
  });

  it('are told apart by the ids beside them; ids of another app leave the names', () => {
    expect(row({ groupsCell: 'Twin', groupIdsCell: 'g5' })).toMatchObject({
      ok: true,
      groups: [{ id: 'g5' }],
    });
    expect(row({ groupsCell: 'QA', groupIdsCell: 'x1;x2' })).toMatchObject({
      ok: true,
      groups: [{ id: 'g1' }],
    });
    expect(row({ groupsCell: 'QA', groupIdsCell: 'g1;gone' })).toMatchObject({ ok: false });
  });
});

describe('a name held back', () => {
  const text = 'First,Last,Email,Groups\nZo?,Lind,zoe@x.com,QA\nZo?,Lind,Zoe@x.com,Press\nBo,Ek,bo@x.com,QA';
  const planOf = async (file: string, names?: Record<string, 'keep' | 'drop'>) => {
    const table = await readTable(new TextEncoder().encode(file));
    const { mapping, body } = guessColumns(table, { groups: GROUPS });
    return planRows(body, {
      mapping,
      groups: GROUPS,
      defaultGroupIds: [],
      builds: [],
      known: new Map(),
      names,
    });
  };
  const told = (rows: Awaited<ReturnType<typeof planOf>>) =>
    rows.map((row) => [row.outcome, row.firstName, row.reason?.code ?? null]);

  it('is not sent by the person’s second row', async () => {
    const code = 'FLIGHTDECK.NAME.UNCONFIRMED';
    expect(told(await planOf(text))).toEqual([
      ['held', 'Zo?', code],
      ['held', 'Zo?', code],
      ['invite', 'Bo', null],
    ]);
    expect(told(await planOf(text.replace('\nZo?,Lind,Zoe', '\n,,Zoe')))[1]).toEqual(['held', '', code]);
  });

  it('is decided once for all rows of the person, in whichever row that is said', async () => {
    const ids = (await planOf(text)).slice(0, 2).map(({ id }) => id);
    for (const id of [...ids, '*']) {
      expect(told(await planOf(text, { [id]: 'keep' })).slice(0, 2)).toEqual([
        ['invite', 'Zo?', null],
        ['addToGroup', 'Zo?', null],
      ]);
      expect(told(await planOf(text, { [id]: 'drop' })).slice(0, 2)).toEqual([
        ['invite', '', null],
        ['addToGroup', '', null],
      ]);
    }
  });

  it('cannot come in by a second row beside a sound first one', async () => {
    const rows = await planOf(text.replace('Zo?,Lind,zoe@x.com,QA', 'Zoë,Lind,zoe@x.com,QA'));
    expect(told(rows).slice(0, 2)).toEqual([
      ['invite', 'Zoë', null],
      ['addToGroup', 'Zoë', null],
    ]);
    const nameless = await planOf(text.replace('Zo?,Lind,zoe@x.com,QA', ',,zoe@x.com,QA'));
    expect(told(nameless).map(([outcome]) => outcome)).toEqual(['invite', 'held', 'invite']);
  });
});

it.each([
  ['Ann Lee, PhD', 'Ann', 'Lee PhD'],
  ['Martin Luther King, Jr.', 'Martin Luther', 'King Jr.'],
  ['Lee, Ann, MD', 'Ann', 'Lee MD'],
  ['Lee, Ann, Maria', 'Ann, Maria', 'Lee'],
  ['King, Jr.', '', 'King Jr.'],
  ['Rahman, Md', 'Md', 'Rahman'],
  ['Lee,', 'Lee', ''],
  ['Ann Lee,', 'Ann', 'Lee'],
  ['Gates, William, III', 'William', 'Gates III'],
])('%s is %s and %s', (whole, firstName, lastName) => {
  expect(splitName(whole)).toEqual({ firstName, lastName });
});

it('names go out in one line, and other control characters are held back', async () => {
  const rows = await plan('First,Last,Email\n"Ann\nMaria",Lee\t Fox,a@x.com\nB\u0007o,Ek,b@x.com');
  expect(rows.map(({ outcome, firstName, lastName }) => [outcome, firstName, lastName])).toEqual([
    ['invite', 'Ann Maria', 'Lee Fox'],
    ['held', 'B\u0007o', 'Ek'],
  ]);
});

it('keeps groups that a row gives by their ids alone, for the file of failed rows', () => {
  const [row] = planRows([{ line: 2, cells: ['no address', 'g1, g2'] }], {
    mapping: { email: 0, groupIds: 1 },
    groups: GROUPS,
    defaultGroupIds: [],
    builds: [],
    known: new Map(),
  });
  expect(row).toMatchObject({ outcome: 'invalid', groupsCell: 'g1;g2' });
});
