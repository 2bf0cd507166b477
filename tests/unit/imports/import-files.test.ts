import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { guessColumns } from '@/lib/services/imports/csv/columns';
import { type ReadChoices, readTable } from '@/lib/services/imports/csv/read-table';
import { FileRefusal } from '@/lib/services/imports/csv/refusal';
import { type PlannedRow, planRows } from '@/lib/services/imports/plan';

const GROUPS = [
  { id: 'g1', name: 'QA', isInternalGroup: false },
  { id: 'g2', name: 'Press', isInternalGroup: false },
];

/** A file of tests/factories/csv-cases, with the bytes as they were saved. */
const saved = (name: string): Uint8Array => readFileSync(path.join('tests/factories/csv-cases', name));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

async function read(file: Uint8Array | string, choices: ReadChoices = {}) {
  const table = await readTable(typeof file === 'string' ? utf8(file) : file, choices);
  const guess = guessColumns(table, { groups: GROUPS });
  const rows = planRows(guess.body, {
    mapping: guess.mapping,
    headers: guess.columns.map(({ header }) => header ?? ''),
    otherAddresses: guess.addresses?.others.flatMap((one) => (one.isOthers ? [] : [one.index])),
    groups: GROUPS,
    defaultGroupIds: ['g1'],
    builds: [],
    known: new Map(),
    isEncodingUnsure: table.howDecoded === 'unsure',
  });
  return { table, guess, rows };
}

const valid = (rows: readonly PlannedRow[]) => rows.filter(({ outcome }) => outcome !== 'invalid');
const emails = (rows: readonly PlannedRow[]) => valid(rows).map(({ email }) => email);
const people = (rows: readonly PlannedRow[]) =>
  valid(rows).map(({ firstName, lastName, email }) => [firstName, lastName, email].join('|'));
const invalid = (rows: readonly PlannedRow[]) => rows.filter(({ outcome }) => outcome === 'invalid');

describe('files as people have them', () => {
  const twoLines = 'mara@example.com tom@example.com ann@example.com bob@example.com eve@example.com'.split(
    ' ',
  );
  it.each<[string, string[]]>([
    ['google_workspace.csv', ['Mara|Lind|mara.lind@example.org', 'Tom|Ek|tom.ek@example.org']],
    ['comma_list.csv', ['||mara@example.com', '||tom@example.com', '||ann@example.com']],
    ['comma_list_2lines.csv', twoLines.map((address) => `||${address}`)],
    [
      'outlook_to_line.csv',
      ['Mara|Lind|mara@example.com', 'Tom|Ek|tom@example.com', 'Ann|Xu|ann@example.com'],
    ],
    ['owner_first.csv', ['Mara|Lind|mara@example.com', 'Tom|Ek|tom@example.com']],
    ['name_address_email.csv', ['Mara|Lind|mara.lind@example.org', 'Tom|Ek|tom.ek@example.org']],
    ['totals_row.csv', ['Mara|Lind|mara@example.com']],
  ])('%s', async (name, expected) => {
    const { rows } = await read(saved(name));
    expect(people(rows)).toEqual(expected);
    expect(valid(rows).every(({ groups }) => groups.map(({ id }) => id).join() === 'g1')).toBe(true);
  });

  it('a line of totals and a row without an address are told as what they are', async () => {
    const totals = invalid((await read(saved('totals_row.csv'))).rows);
    expect(totals.map(({ reason }) => reason?.code)).toEqual(['FLIGHTDECK.ROW.TOTAL']);
    const owner = await read(saved('owner_first.csv'));
    expect(invalid(owner.rows).map(({ reason }) => reason?.detail)).toEqual(['There is no e-mail address.']);
    expect(JSON.stringify(owner.rows)).not.toContain('owner@corp.example');
    expect(owner.guess.columns[0]?.why).toContain('somebody else');
  });

  it('passwords are in no answer, not even as samples, and cannot be chosen', async () => {
    const text =
      'Email,Passwort,Hinweis\nmara@example.com,Hunter2!x,Ab3$kdfh\ntom@example.com,Tr0ub4dor&3,Zz9#qwer\n';
    const { guess, table } = await read(text);
    expect(JSON.stringify(guess.columns)).not.toMatch(/Hunter2|Tr0ub|Ab3|Zz9/);
    expect(guess.columns.map(({ isSecret }) => isSecret)).toEqual([false, true, true]);
    const chosen = guessColumns(table, { mapping: { email: 0, firstName: 1 } });
    expect(chosen.mapping).toEqual({ email: 0 });
  });

  it('two columns with addresses: which was taken, why, and what to do with rows without it', async () => {
    const { guess, rows } = await read(saved('two_email_cols.csv'));
    expect(guess.mapping).toEqual({ fullName: 0, email: 1 });
    expect(guess.addresses).toEqual({
      taken: 1,
      others: [{ index: 2, isOthers: false, fills: 1 }],
      lacking: 1,
    });
    expect(guess.columns[1]?.why).toMatch(/of 2 columns with addresses/);
    expect(rows[1]).toMatchObject({
      outcome: 'invalid',
      reason: { detail: expect.stringMatching(/“Work Email” is empty here, and “Personal Email” holds/) },
    });
    const filled = planRows(guess.body, {
      mapping: { ...guess.mapping, otherEmail: 2 },
      headers: ['Name', 'Work Email', 'Personal Email'],
      groups: GROUPS,
      defaultGroupIds: ['g1'],
      builds: [],
      known: new Map(),
    });
    expect(filled.map(({ email, note }) => [email, note])).toEqual([
      ['mara@corp.example', null],
      ['tom@example.com', 'Taken from “Personal Email”.'],
    ]);
  });
});

describe('exports of other programs', () => {
  const mara = 'Mara|Lind|mara.lind@example.org';
  const tom = 'Tom|Ek|tom.ek@example.org';
  it.each<[string, string]>([
    [
      'Okta',
      `login,firstName,lastName,middleName,email,secondEmail,mobilePhone,managerId,manager,status
mlind,Mara,Lind,,mara.lind@example.org,m@private.example,+47 912 34 567,boss@corp.example,Bo Berg,ACTIVE
tek,Tom,Ek,,tom.ek@example.org,t@private.example,+47 912 34 568,boss@corp.example,Bo Berg,ACTIVE`,
    ],
    [
      'Azure AD',
      `userPrincipalName,displayName,surname,mail,givenName,objectId,userType,invitedBy,createdDateTime
mara_example.org#EXT#@corp.onmicrosoft.com,Mara Lind,Lind,mara.lind@example.org,Mara,6f1c7a32-1111-4a4b-9c9c-aaaaaaaaaaaa,Guest,admin@corp.example,2026-01-03T10:00:00Z
tom_example.org#EXT#@corp.onmicrosoft.com,Tom Ek,Ek,tom.ek@example.org,Tom,6f1c7a32-1111-4a4b-9c9c-bbbbbbbbbbbb,Guest,admin@corp.example,2026-01-04T10:00:00Z`,
    ],
    [
      'Slack',
      `username,email,status,billing-active,has-2fa,has-sso,userid,fullname,displayname,expiration-timestamp
mlind,mara.lind@example.org,Member,1,0,0,U01ABCDEF12,Mara Lind,mara,
tek,tom.ek@example.org,Member,1,0,0,U01ABCDEF13,Tom Ek,tommy,`,
    ],
    [
      'Google contacts',
      `Name,Given Name,Family Name,Birthday,Notes,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Value
Mara Lind,Mara,Lind,1990-02-03,met at fair,* Work,mara.lind@example.org,Home,m@private.example,+47 912 34 567
Tom Ek,Tom,Ek,,,* Work,tom.ek@example.org,Home,t@private.example,`,
    ],
    [
      'App Store Connect',
      `First Name,Last Name,Email,Status,Sessions,Crashes,Feedback,Last Modified Date
Mara,Lind,mara.lind@example.org,Installed 1.2 (7),4,0,1,"Nov 3, 2026"
Tom,Ek,tom.ek@example.org,Invited,0,0,0,"Nov 4, 2026"`,
    ],
    [
      'Google Forms',
      `Timestamp,Email Address,What is your name?,Which Apple ID e-mail do you use for TestFlight?,Who referred you (e-mail)?,Anything else?
11/28/2026 10:00:00,m@private.example,Mara Lind,mara.lind@example.org,owner@corp.example,no
11/28/2026 10:05:00,t@private.example,Tom Ek,tom.ek@example.org,owner@corp.example,"I like it, a lot"`,
    ],
    [
      'HR, German',
      `Personal-Nr.;Name;Vorname;Geburtsdatum;Telefon;E-Mail-Adresse dienstlich;Vorgesetzter E-Mail
1001;Lind;Mara;03.02.1990;+49 30 1234567;mara.lind@example.org;chefin@corp.example
1002;Ek;Tom;04.02.1991;+49 30 1234568;tom.ek@example.org;chefin@corp.example`,
    ],
    [
      'CRM, with titles above',
      `Beta candidates, autumn 2026
Exported 28.11.2026 by owner@corp.example

Contact Owner,First Name,Last Name,Primary Email,Company name,Tags
Ola Nord,Mara,Lind,mara.lind@example.org,Acme,vip
Ola Nord,Tom,Ek,tom.ek@example.org,Acme,vip`,
    ],
    [
      'Japanese',
      `姓,名,電話番号,メールアドレス(必須),登録日
Lind,Mara,090-1234-5678,mara.lind@example.org,2026年11月1日
Ek,Tom,090-1234-5679,tom.ek@example.org,2026年11月2日`,
    ],
    [
      'pipes, comments, unknown headers',
      `# exported for the beta
Who|Known to us since|Reach them at
Mara Lind|2026-01-02|mara.lind@example.org
Tom Ek|2026-01-03|tom.ek@example.org`,
    ],
    [
      'no header, much beside',
      `1001,owner@corp.example,Mara,Lind,mara.lind@example.org,+47 912 34 567,2026-01-02,Hunter2!x
1002,owner@corp.example,Tom,Ek,tom.ek@example.org,+47 912 34 568,2026-01-03,Tr0ub4dor&3`,
    ],
    [
      'names in the last place, tags and dates beside',
      `Email;Tags;Joined;Full name
mara.lind@example.org;vip;2026-01-02;Mara Lind
tom.ek@example.org;press list;2026-01-03;"Ek, Tom"`,
    ],
    [
      'put together from two files',
      `First Name,Last Name,Email
Mara,Lind,mara.lind@example.org
First Name,Last Name,Email
Tom,Ek,tom.ek@example.org`,
    ],
    [
      'spaces after the commas',
      `Name, Address, Email\n"Lind, Mara", "12 Road, Town", mara.lind@example.org\n"Ek, Tom", "3 Lane, Town", tom.ek@example.org`,
    ],
  ])('%s', async (_name, text) => {
    const { rows, guess } = await read(text);
    expect([people(rows), guess.mapping]).toEqual([[mara, tom], expect.anything()]);
    expect(valid(rows).flatMap(({ groups }) => groups.map(({ id }) => id))).toEqual(['g1', 'g1']);
  });

  it('only the addresses of owners: a person has to say so', async () => {
    const { guess } = await read(
      'Owner e-mail,Tester\nowner@corp.example,Mara Lind\nowner@corp.example,Tom Ek\n',
    );
    expect(guess.mapping.email).toBeUndefined();
  });

  it('states, tags and cities after the address become no names and no groups', async () => {
    const { guess } = await read(
      'mara@example.com,active,vip\ntom@example.com,active,vip\nann@example.com,active,vip',
    );
    expect(guess.mapping).toEqual({ email: 0 });
    const cities = await read('Mail,City,Team\nmara@example.com,Oslo,Blue\ntom@example.com,Bergen,Red');
    expect(cities.guess.mapping).toEqual({ email: 0 });
    const groups = await read('Mail,City,Team\nmara@example.com,Oslo,QA\ntom@example.com,Bergen,Press');
    expect(groups.guess.mapping).toEqual({ email: 0, groups: 2 });
  });

  it.each([
    ['Ann,Lee,alee@x.com\nBob,Fox,bfox@x.com', ['Ann|Lee|alee@x.com', 'Bob|Fox|bfox@x.com']],
    [
      'Ann,Lee,ann@x.com\nBob,Lee,bob@x.com\nCy,Dee,cy@x.com',
      ['Ann|Lee|ann@x.com', 'Bob|Lee|bob@x.com', 'Cy|Dee|cy@x.com'],
    ],
    ['Ann,Lee,ann@x.com', ['Ann|Lee|ann@x.com']],
    ['ann@x.com,Ann,Lee', ['Ann|Lee|ann@x.com']],
    [
      '1,Ann,Lee,ann@x.com,2026-01-01\n2,Bob,Fox,bob@x.com,2026-01-02',
      ['Ann|Lee|ann@x.com', 'Bob|Fox|bob@x.com'],
    ],
    ['Ann Lee,Acme,ann@x.com\nBob Fox,Bolt,bob@x.com', ['Ann|Lee|ann@x.com', 'Bob|Fox|bob@x.com']],
  ])('%j: the name that the address does not hold is not lost', async (text, expected) => {
    expect(people((await read(text)).rows)).toEqual(expected);
  });

  it('a first row that is no header stays a person, also when its address is broken', async () => {
    const broken = await read('Mara,Lind,mara.example.com\nTom,Ek,tom@example.com');
    expect(broken.guess.hasHeader).toBe(false);
    expect(broken.rows.map(({ outcome }) => outcome)).toEqual(['invalid', 'invite']);
    const empty = await read('Mara,Lind,\nTom,Ek,tom@example.com');
    expect(empty.rows.map(({ outcome }) => outcome)).toEqual(['invalid', 'invite']);
  });

  it('cells that have slipped never invite the neighbour', async () => {
    const { rows } = await read(
      'First,Last,Email,Owner\nMara,mara@example.com,owner@corp.example\nTom,Ek,tom@example.com,owner@corp.example',
    );
    expect(rows.map(({ reason, email }) => reason?.code ?? email)).toEqual([
      'FLIGHTDECK.ROW.SHIFTED',
      'tom@example.com',
    ]);
  });

  it('samples are three short values, whatever stands in the cells', async () => {
    const long = 'x'.repeat(5000);
    const { guess } = await read(
      `Email,Bio\na@example.com,${long}\nb@example.com,two\nc@example.com,three\nd@example.com,four`,
    );
    expect(guess.columns[1]?.samples.map(({ length }) => length)).toEqual([60, 3, 5]);
  });
});

describe('lists of addresses', () => {
  const two = ['Mara|Lind|mara@example.com', 'Tom|Ek|tom@example.com'];
  it.each<[string, string[]]>([
    ['Mara Lind <mara@example.com>; Tom Ek <tom@example.com>', two],
    ['"Lind, Mara" <mara@example.com>, "Ek, Tom" <tom@example.com>', two],
    ['Lind, Mara <mara@example.com>; Ek, Tom <tom@example.com>;', two],
    ["To: 'Mara Lind' <mailto:mara@example.com>,\n 'Tom Ek' <mailto:tom@example.com>", two],
    ['Mara Lind [mailto:mara@example.com]\nTom Ek [tom@example.com]', two],
    ['mara@example.com (Mara Lind), tom@example.com (Tom Ek)', two],
    ['Mara Lind mara@example.com\nTom Ek tom@example.com', two],
    ['Mara Lind <mara@example.com>\r\nTom Ek <tom@example.com>\r\n', two],
    ['Mara Lind\n<mara@example.com>; Tom\nEk <tom@example.com>', two],
    ['mara@example.com tom@example.com', ['||mara@example.com', '||tom@example.com']],
    [
      'mara@example.com;tom@example.com\n\nann@example.com',
      ['||mara@example.com', '||tom@example.com', '||ann@example.com'],
    ],
    [
      'Email\nmara@example.com; tom@example.com\nann@example.com',
      ['||mara@example.com', '||tom@example.com', '||ann@example.com'],
    ],
    ['mara@example.com and tom@example.com', ['||mara@example.com', '||tom@example.com']],
    ['<mara@example.com>, <tom@example.com>', ['||mara@example.com', '||tom@example.com']],
    ['- mara@example.com\n- tom@example.com', ['||mara@example.com', '||tom@example.com']],
    ['"mara@corp.com" <mara@example.com>', ['||mara@example.com']],
    ["'mara@corp.com' <mara@example.com>", ['||mara@example.com']],
    [
      'mara@corp.com <mara@example.com>; Tom Ek <tom@example.com>',
      ['||mara@example.com', 'Tom|Ek|tom@example.com'],
    ],
    ['"Mara Lind <mara@corp.com>" <mara@example.com>', ['Mara|Lind|mara@example.com']],
    ['Mara Lind mara@example.com <mailto:mara@example.com>', ['Mara|Lind|mara@example.com']],
    ['"mara@corp.com, tom@corp.com" <mara@example.com>', ['||mara@example.com']],
    ['mara@example.com, <tom@example.com>', ['||mara@example.com', '||tom@example.com']],
    ["'mara@example.com'; 'tom@example.com'", ['||mara@example.com', '||tom@example.com']],
  ])('%j', async (text, expected) => {
    const { rows } = await read(text);
    expect(people(rows)).toEqual(expected);
    expect(invalid(rows)).toEqual([]);
  });

  it.each<[string, string[], string[]]>([
    [
      'QA team\nAnn Lee <ann@x.com>\nBob Fox <bob@x.com>',
      ['Ann|Lee|ann@x.com', 'Bob|Fox|bob@x.com'],
      ['1 QA team'],
    ],
    [
      'Beta testers\n\nAnn Lee <ann@x.com>\nBob Fox\nCy Dee <cy@x.com>',
      ['Ann|Lee|ann@x.com', 'Cy|Dee|cy@x.com'],
      ['1 Beta testers', '4 Bob Fox'],
    ],
    ['Dear all,\nAnn Lee <ann@x.com>', ['Ann|Lee|ann@x.com'], ['1 Dear all,']],
    ['QA\n\tAnn Lee <ann@x.com>\n\tBob Fox\n', ['Ann|Lee|ann@x.com'], ['1 QA', '3 Bob Fox']],
    ['Press\n<ann@x.com>\n<bob@x.com>', ['||ann@x.com', '||bob@x.com'], ['1 Press']],
    ['Bob Fox;\nCy Dee <cy@x.com>', ['Cy|Dee|cy@x.com'], ['1 Bob Fox;']],
  ])('%j: a line without an address is told, and is nobody’s name', async (text, expected, strange) => {
    const { rows } = await read(text);
    expect(people(rows)).toEqual(expected);
    expect(invalid(rows).map(({ line, email }) => `${line} ${email}`)).toEqual(strange);
  });

  it('comments and the header are told by their lines, and somebody in a comment as a row', async () => {
    const { rows, guess } = await read(
      'Email\n# of spring\n#Ann Lee <ann@x.com>\nMara Lind <mara@example.com>\nTom Ek <tom@example.com>',
    );
    expect(people(rows)).toEqual(two);
    expect(invalid(rows).map(({ line, email }) => [line, email])).toEqual([[3, '# Ann Lee <ann@x.com>']]);
    expect(guess.skippedLines).toEqual([1, 2]);
    const bare = await read('#ann@x.com\nmara@example.com; tom@example.com');
    expect(emails(bare.rows)).toEqual(['mara@example.com', 'tom@example.com']);
    expect(invalid(bare.rows)).toHaveLength(1);
  });

  it.each<[string, string[], number[]]>([
    ['"Lind,\nMara" <mara@example.com>\nTom Ek <tom@example.com>', two, [2, 3]],
    ['To: Mara Lind <mara@example.com>, Tom\n Ek <tom@example.com>', two, [1, 2]],
    ['Mara Lind\n<mara@example.com>\nTom Ek\n<tom@example.com>', two, [2, 4]],
  ])('%j: an entry that is continued is read whole', async (text, expected, lines) => {
    const { rows } = await read(text);
    expect(people(rows)).toEqual(expected);
    expect(rows.map(({ line }) => line)).toEqual(lines);
  });

  it('several addresses in one cell are several people, and one name is nobody’s', async () => {
    const { rows } = await read(
      'Name,Email,Group\nMara Lind,mara@example.com; m2@example.com,QA\nMara Lind; Tom Ek,mara3@example.com / tom3@example.com,Press\nAnn Xu,ann@example.com,QA',
    );
    expect(people(rows)).toEqual([
      '||mara@example.com',
      '||m2@example.com',
      'Mara|Lind|mara3@example.com',
      'Tom|Ek|tom3@example.com',
      'Ann|Xu|ann@example.com',
    ]);
    expect(rows[0]?.note).toContain('nobody gets the name');
    expect(new Set(rows.map(({ id }) => id)).size).toBe(5);
  });

  it('words around an address are no name, and the sentence invites nobody', async () => {
    const { rows } = await read('Email\nExported by owner@corp.example on 2026-11-28\nmara@example.com');
    expect(emails(rows)).toEqual(['mara@example.com']);
    const space = await read('Ann Lee@example.com\nmara@example.com, tom@example.com');
    expect(emails(space.rows)).not.toContain('Lee@example.com');
  });

  it('an owner repeated beside each tester is a table, not a list', async () => {
    const { rows, table } = await read(
      'owner@corp.example,mara@example.com\nowner@corp.example,tom@example.com\nowner@corp.example,ann@example.com',
    );
    expect(table.kind).toBe('table');
    expect(emails(rows)).toEqual(['mara@example.com', 'tom@example.com', 'ann@example.com']);
  });

  it('is read as a table when a person says so', async () => {
    const { table } = await read('mara@example.com,m@private.example', { kind: 'table' });
    expect([table.kind, table.width]).toEqual(['table', 2]);
  });
});

describe('files that would take long', () => {
  const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
  const blanks = ' '.repeat(32_000);
  it.each<[string, Uint8Array]>([
    ['a bracket that is never closed', utf8(`<${'ann@x.com\n'.repeat(16_000)}`)],
    ['many of them in each line', utf8(`${'<'.repeat(8_000)}ann@x.com\n`.repeat(50))],
    [
      'a long run of letters in Latin-1',
      latin1(`Name,Email\nJos\u00e9,jose@x.com\n${'a'.repeat(60_000)} \u00e9,b@x.com`),
    ],
    [
      'a long run of signs in Latin-1',
      latin1(`Name,Email\nJos\u00e9,jose@x.com\n${"'".repeat(60_000)}\u00e9,b@x.com`),
    ],
    ['blanks within cells', utf8(`Name,Email\n${`Ann${blanks}Lee,ann@x.com\n`.repeat(4)}`)],
    ['blanks in a bracket', utf8(`Name,Email\n<${blanks}a,ann@x.com\n`)],
    ['blanks between names', utf8(`Name,Email\nAnn${blanks}Lee,ann@x.com / bob@x.com\n`)],
    ['commas after a name', utf8(`Ann${','.repeat(60_000)}b <ann@x.com>\nBob <bob@x.com>; Cy <cy@x.com>\n`)],
    ['brackets in a header', utf8(`Name,Email,${'['.repeat(60_000)}\nAnn,ann@x.com,x\n`)],
  ])('%s', async (_name, file) => {
    const before = process.cpuUsage();
    await read(file).catch((error: unknown) => {
      if (!(error instanceof FileRefusal)) throw error;
    });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2_000);
  });
});

describe('encodings', () => {
  const bytesOf: Readonly<Record<string, (text: string) => Uint8Array>> = {
    'utf-16le': (text) => Buffer.from(text, 'utf16le'),
    'utf-16be': (text) => Buffer.from(text, 'utf16le').swap16(),
    'windows-1252': (text) => Buffer.from(text.replaceAll('’', '\u0092').replaceAll('€', '\u0080'), 'latin1'),
  };
  /** Bytes of a text in an old encoding, by trying all bytes and pairs of bytes. */
  function encode(text: string, encoding: string): Uint8Array {
    const known = bytesOf[encoding];
    if (known) return known(text);
    const decoder = new TextDecoder(encoding, { fatal: true });
    const table = new Map<string, number[]>();
    const note = (bytes: number[]) => {
      try {
        const character = decoder.decode(Uint8Array.from(bytes));
        if ([...character].length === 1 && !table.has(character)) table.set(character, bytes);
      } catch {
        // No character of this encoding.
      }
    };
    for (let byte = 0; byte < 256; byte += 1) note([byte]);
    if (['gb18030', 'shift_jis', 'big5', 'euc-kr', 'euc-jp'].includes(encoding)) {
      for (let lead = 0x81; lead < 0xff; lead += 1)
        for (let trail = 0x40; trail < 0xff; trail += 1) note([lead, trail]);
    }
    return Uint8Array.from([...text].flatMap((character) => table.get(character) ?? fail(character)));
  }
  function fail(character: string): never {
    throw new Error(`${character} cannot be encoded`);
  }

  it('the two saved files read as they were written', async () => {
    const gbk = await read(saved('gbk.csv'));
    expect([gbk.table.encoding, gbk.guess.mapping, people(gbk.rows)]).toEqual([
      'gb18030',
      { fullName: 0, email: 1 },
      ['王伟||wei@example.com'],
    ]);
    const cyrillic = await read(saved('win1251.csv'));
    expect([cyrillic.table.encoding, people(cyrillic.rows)]).toEqual([
      'windows-1251',
      ['Анна|Иванова|anna@example.com'],
    ]);
  });

  it.each<[string, string[]]>([
    ['windows-1252', ['José', 'Müller']],
    ['windows-1252', ['Zoë', 'Strauß', 'Françoise', 'Ñúñez', 'Åse', 'Bjørn', 'Guðrún']],
    ['windows-1252', ['O’Brien', 'François']],
    ['macintosh', ['José', 'Müller', 'Zoë', 'François']],
    ['macintosh', ['Jörg', 'Änne', 'Åse']],
    ['windows-1251', ['Анна Иванова', 'Пётр Щукин']],
    ['windows-1251', ['Іван Шевченко', 'Мар’яна']],
    ['koi8-r', ['Анна Иванова', 'Пётр Щукин']],
    ['ibm866', ['Анна Иванова', 'Пётр Щукин']],
    ['shift_jis', ['山田 太郎', '鈴木 花子']],
    ['shift_jis', ['ヤマダ タロウ', 'さくら']],
    ['gb18030', ['张伟', '王芳', '李娜']],
    ['gb18030', ['欧阳娜娜', '刘洋']],
    ['big5', ['陳怡君', '林志玲', '黃建宏']],
    ['windows-1250', ['Łukasz Wiśniewski', 'Żaneta Dąbrowska']],
    ['windows-1253', ['Ελένη Παπαδοπούλου', 'Γιώργος']],
    ['utf-16le', ['Анна', 'José']],
    ['utf-16be', ['李娜', 'José']],
  ])('%s: %j', async (encoding, names) => {
    const text = ['Name;Email', ...names.map((name, index) => `${name};p${index}@example.com`)].join('\r\n');
    const { table, rows } = await read(encode(text, encoding));
    expect([
      table.encoding,
      rows.map(({ firstName, lastName }) => `${firstName} ${lastName}`.trim()),
    ]).toEqual([encoding, names]);
    expect(rows.map(({ outcome }) => outcome)).toEqual(names.map(() => 'invite'));
  });

  it('what cannot be told apart is held back until it is chosen or confirmed', async () => {
    const bytes = encode('이름;Email\r\n김민준;kim@example.com\r\nAnn Lee;ann@example.com', 'euc-kr');
    const { table, rows } = await read(bytes);
    expect(table.howDecoded).toBe('unsure');
    expect(rows.map(({ outcome }) => outcome)).toEqual(['held', 'invite']);
    const chosen = await read(bytes, { encoding: 'euc-kr' });
    expect(chosen.rows.map(({ outcome, firstName }) => [outcome, firstName])).toEqual([
      ['invite', '김민준'],
      ['invite', 'Ann'],
    ]);
  });

  it('the signs of Windows-1252 that Node forgets are read', async () => {
    const { rows } = await read(encode('Name;Email\r\nZoë O’Hara;z@example.com', 'windows-1252'));
    expect(rows[0]).toMatchObject({ lastName: 'O’Hara', outcome: 'invite' });
  });
});
