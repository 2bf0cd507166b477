import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanCell, csvLine, escapeFormula, unescapeFormula } from '@/lib/services/imports/csv/cells';
import { guessColumns } from '@/lib/services/imports/csv/columns';
import { decodeFile } from '@/lib/services/imports/csv/decode';
import { readTable } from '@/lib/services/imports/csv/read-table';
import { FileRefusal } from '@/lib/services/imports/csv/refusal';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string, bigEndian: boolean, mark: boolean): Uint8Array => {
  const buffer = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return bigEndian ? buffer.swap16() : buffer;
};
const cells = async (text: string | Uint8Array): Promise<string[][]> => {
  const table = await readTable(typeof text === 'string' ? utf8(text) : text);
  return table.rows.map((row) => [...row.cells]);
};
const refusal = async (bytes: Uint8Array): Promise<FileRefusal> => {
  const error = await readTable(bytes).catch((thrown: unknown) => thrown);
  if (!(error instanceof FileRefusal)) throw new Error(`not refused: ${String(error)}`);
  return error;
};

describe('decoding', () => {
  const text = 'First,Last,Email\r\nJosé,Müller,jose@example.com\r\n李,明,li@example.com\r\n';
  it.each([
    ['UTF-8', utf8(text), 'utf-8'],
    ['UTF-8 with mark', utf8(`\ufeff${text}`), 'utf-8'],
    ['UTF-16 LE with mark', utf16(text, false, true), 'utf-16le'],
    ['UTF-16 BE with mark', utf16(text, true, true), 'utf-16be'],
    ['UTF-16 LE without mark', utf16(text, false, false), 'utf-16le'],
    ['UTF-16 BE without mark', utf16(text, true, false), 'utf-16be'],
  ])('reads %s', (_name, bytes, encoding) => {
    const decoded = decodeFile(bytes);
    expect(decoded.encoding).toBe(encoding);
    expect(decoded.text).toBe(text);
  });

  it('reads what Excel on Windows saves', () => {
    const bytes = Buffer.from('First,Email\r\nJos\u00e9,jose@example.com', 'latin1');
    expect(decodeFile(bytes)).toMatchObject({
      encoding: 'windows-1252',
      text: expect.stringContaining('José'),
    });
  });

  it('refuses what is no text, saying what it is', async () => {
    expect((await refusal(Buffer.from('PK\u0003\u0004rest', 'latin1'))).message).toMatch(
      /Excel workbook or a zip/,
    );
    expect((await refusal(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1]))).code).toBe('WORKBOOK');
    const nul = await refusal(utf8('a@x.com\nb\0@x.com\n'));
    expect([nul.code, nul.line]).toEqual(['NOT_TEXT', 2]);
    expect((await refusal(utf8('  \r\n \n'))).code).toBe('EMPTY');
    expect((await refusal(new Uint8Array())).code).toBe('EMPTY');
    expect((await refusal(utf8(',,,\n,,,\n'))).code).toBe('EMPTY');
  });

  it('caps size, columns, rows and the length of a line', async () => {
    expect((await refusal(new Uint8Array(11 * 1024 * 1024).fill(97))).code).toBe('TOO_LARGE');
    expect((await refusal(utf8(','.repeat(1_000_000)))).code).toBe('LINE_TOO_LONG');
    expect((await refusal(utf8(`a@x.com${',b'.repeat(500)}`))).code).toBe('TOO_MANY_COLUMNS');
    expect((await refusal(utf8('x'.repeat(10_000_000)))).code).toBe('LINE_TOO_LONG');
    expect((await refusal(utf8(`ok@x.com,Ann\n"${'a,b\n'.repeat(30_000)}`))).code).toMatch(
      /LINE_TOO_LONG|UNCLOSED/,
    );
    expect((await refusal(utf8('a@x.com\n'.repeat(50_001)))).code).toBe('TOO_MANY_ROWS');
    expect((await refusal(utf8('a@x.com,"Ann\nb@x.com,Bob\n'))).code).toBe('UNCLOSED_QUOTE');
  });

  it.each([
    ['at the end of the file', 'Email,Name\na@x.com,Ann\nb@x.com,"Bob\nc@x.com,Cy\nd@x.com,Di\n', 3],
    ['within 64 KB', `Email,Name\na@x.com,"Ann\nLee"\nb@x.com,"Bob\n${'c@x.com,Cy\n'.repeat(10_000)}`, 4],
    ['under a sep= line', 'sep=;\nEmail;Name\na@x.com; "Ann\nb@x.com;Bob\n', 3],
    [
      'after marks within words',
      'Email,Name\na@x.com,5" Ann\nb@x.com,"B ""ob"\nc@x.com,"Cy\nd@x.com,Di\n',
      4,
    ],
  ])('names the line of a quotation mark that is not closed %s', async (_where, text, line) => {
    const error = await refusal(utf8(text));
    expect(error).toMatchObject({
      code: 'UNCLOSED_QUOTE',
      line,
      message: `A quotation mark opened at line ${line} is not closed. Close it, or leave it out.`,
    });
  });
});

describe('separators', () => {
  it.each([
    ['comma', 'First,Last,Email\nAnn,Lee,a@x.com', ','],
    ['semicolon', 'First;Last;Email\nAnn;Lee;a@x.com', ';'],
    ['tab', 'First\tLast\tEmail\nAnn\tLee\ta@x.com', '\t'],
    ['comma with semicolon lists', 'Email,Groups\na@x.com,A;B;C\nb@x.com,A;B;C', ','],
    ['semicolon with comma lists', 'Email;Groups\na@x.com;A,B,C\nb@x.com;D,E', ';'],
    ['headerless', 'Ann,Lee,a@x.com\nBob,Ray,b@x.com', ','],
    ['one column', 'a@x.com\nb@x.com', ','],
    ['sep line', 'sep=;\r\nEmail;Name\r\na@x.com;"Lee, Ann"', ';'],
    ['quoted separators', '"a;b;c;d",x@x.com\n"e;f;g;h",y@x.com', ','],
  ])('finds it: %s', async (_name, text, separator) => {
    expect((await readTable(utf8(text))).separator).toBe(separator);
  });

  it('does not read the sep= line as a row and counts it as a line', async () => {
    const table = await readTable(utf8('sep=;\r\nEmail\r\na@x.com'));
    expect(table.rows).toEqual([
      { line: 2, cells: ['Email'] },
      { line: 3, cells: ['a@x.com'] },
    ]);
  });
});

describe('rows', () => {
  it('drops empty rows and trailing empty columns, keeps line numbers', async () => {
    const table = await readTable(utf8('Email,First,,,\r\na@x.com,Ann,,,\r\n\r\n,,,,\r\nb@x.com,,,,\r\n'));
    expect(table.width).toBe(2);
    expect(table.rows).toEqual([
      { line: 1, cells: ['Email', 'First'] },
      { line: 2, cells: ['a@x.com', 'Ann'] },
      { line: 5, cells: ['b@x.com', ''] },
    ]);
  });

  it('reads quotes, line breaks in cells, old Mac line ends and Excel\'s ="…"', async () => {
    expect(await cells('"Lee, Ann",a@x.com\n"Ray ""Bob""",b@x.com')).toEqual([
      ['Lee, Ann', 'a@x.com'],
      ['Ray "Bob"', 'b@x.com'],
    ]);
    expect(await cells('Email,First\ra@x.com,Ann\r')).toEqual([
      ['Email', 'First'],
      ['a@x.com', 'Ann'],
    ]);
    expect(await cells('="007",a@x.com')).toEqual([['007', 'a@x.com']]);
    expect(await cells('\u00a0Ann\u200b,\ufeff a@x.com ')).toEqual([['Ann', 'a@x.com']]);
  });

  it('keeps characters outside the basic plane whole across reading pieces', async () => {
    const text = `${'a'.repeat(65_535 - 20)}\n`.slice(0, 60_000);
    const many = `${text}\n${'😀@x.com\n'.repeat(20_000)}`;
    const table = await readTable(utf8(many));
    expect(new Set(table.rows.slice(1).map((row) => row.cells[0]))).toEqual(new Set(['😀@x.com']));
  });
});

describe('columns', () => {
  const groups = ['QA', 'Press'].map((name) => ({ id: name, name }));
  const guess = async (text: string) => guessColumns(await readTable(utf8(text)), { groups });
  it.each([
    ['First Name,Last Name,Email,Groups', { firstName: 0, lastName: 1, email: 2, groups: 3 }],
    ['E-Mail-Adresse;Vorname;Nachname;Gruppen', { email: 0, firstName: 1, lastName: 2, groups: 3 }],
    ['Prénom,Nom,Courriel,Groupes', { firstName: 0, lastName: 1, email: 2, groups: 3 }],
    ['Nombre,Apellidos,Correo electrónico', { firstName: 0, lastName: 1, email: 2 }],
    ['MAIL,GROUP', { email: 0, groups: 1 }],
    ['id,name,email', { fullName: 1, email: 2 }],
    ['名,姓,メールアドレス,グループ', { firstName: 0, lastName: 1, email: 2, groups: 3 }],
  ])('are known by their headers: %s', async (header, mapping) => {
    const found = await guess(`${header}\n${header.replace(/[^,;]+/g, 'x')}\n`);
    expect(found.hasHeader).toBe(true);
    expect(found.mapping).toEqual(mapping);
  });

  it.each([
    ["Apple's own form", 'Ann,Lee,a@x.com\nBob,Ray,b@x.com', { firstName: 0, lastName: 1, email: 2 }],
    ['address first', 'a@x.com,Ann,Lee,QA', { email: 0, firstName: 1, lastName: 2, groups: 3 }],
    ['only addresses', 'a@x.com\nb@x.com', { email: 0 }],
    ['full name', 'Ann Lee,a@x.com', { fullName: 0, email: 1 }],
    ['groups last', 'Ann,Lee,a@x.com,QA;Press', { firstName: 0, lastName: 1, email: 2, groups: 3 }],
  ])('are guessed without a header: %s', async (_name, text, mapping) => {
    const found = await guess(text);
    expect(found.hasHeader).toBe(false);
    expect(found.mapping).toEqual(mapping);
  });

  it('reads the addresses under a header it does not know', async () => {
    const found = await guess('First,Kontaktweg\nAnn,a@x.com');
    expect(found).toMatchObject({ hasHeader: true, mapping: { firstName: 0, email: 1 } });
    expect(found.columns[1]).toMatchObject({
      index: 1,
      header: 'Kontaktweg',
      field: 'email',
      samples: ['a@x.com'],
      why: 'By what it holds: 1 of 1 cells are addresses.',
    });
  });
});

describe('formula-safe cells', () => {
  const nasty = [
    '=1+1',
    '+1',
    '-1',
    '@x',
    '\tx',
    '\rx',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    "'=1",
    "''@x",
    "'plain",
    'plain',
  ];
  it('never begin with a formula and come back intact', () => {
    for (const cell of nasty) {
      expect(escapeFormula(cell)).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
      expect(unescapeFormula(escapeFormula(cell))).toBe(cell);
    }
  });

  it('hold for any text through a written file', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[\0\r]/.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 4 }), async (row) => {
        const line = csvLine(['a@x.com', ...row, 'end']);
        const [read] = await cells(line);
        expect(read).toEqual(['a@x.com', ...row.map((text) => cleanCell(escapeFormula(text))), 'end']);
      }),
      { numRuns: 200, seed: 20261121 },
    );
  });
});
