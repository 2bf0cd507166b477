import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FILE_VERSION, fileSchema, type ProgrammeFile, programmeFile } from '@/lib/services/programme/file';
import { FILE_LIMIT, readFile } from '@/lib/services/programme/read-file';
import { writeFile, writeOver } from '@/lib/services/programme/write-file';

const SCHEMA = 'https://flightdeck.example.com/programme.schema.json';
const told = (text: string) =>
  readFile(text).problems.map(({ line, column, words }) => `${line}:${column} ${words}`);

/** Files as people may have them, with texts of every script. */
const texts = fc.string({ unit: 'grapheme', maxLength: 80 });
const orNull = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: null });
type Criteria = { deviceFamily: 'IPHONE'; minimumOsInclusive: string }[];
const groupsOf = fc.uniqueArray(
  fc.oneof(
    fc.record({
      name: fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
        .filter((name) => name.trim() === name),
      isInternalGroup: fc.constant(true as const),
      hasAccessToAllBuilds: fc.boolean(),
      feedbackEnabled: fc.boolean(),
    }),
    fc.record({
      name: fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
        .filter((name) => name.trim() === name),
      isInternalGroup: fc.constant(false as const),
      publicLinkEnabled: fc.boolean(),
      publicLinkLimit: orNull(fc.integer({ min: 1, max: 10_000 })),
      criteria: fc.constantFrom<Criteria[]>([], [{ deviceFamily: 'IPHONE', minimumOsInclusive: '17.0' }]),
    }),
  ),
  { maxLength: 6, selector: ({ name }) => name.trim().normalize('NFC') },
);
const files: fc.Arbitrary<ProgrammeFile> = fc.record({
  version: fc.constant(FILE_VERSION),
  groups: groupsOf,
  testInformation: fc.record({
    localizations: fc.dictionary(
      fc.constantFrom('en-US', 'de-DE', 'no', 'zh-Hans'),
      fc.record({ description: orNull(texts), marketingUrl: orNull(texts) }),
      { noNullPrototype: true },
    ),
    agreementText: orNull(texts),
  }),
});

describe('a file', () => {
  it('says after it was written and read what it said before', () => {
    fc.assert(
      fc.property(files, (file) => {
        const text = writeFile(file, SCHEMA);
        expect(readFile(text)).toEqual({ file, problems: [] });
        expect(text.startsWith(`# yaml-language-server: $schema=${SCHEMA}\n`)).toBe(true);
      }),
    );
  });

  it('that is written over says what the programme says, whatever stood there', () => {
    fc.assert(
      fc.property(files, files, (before, after) => {
        expect(readFile(writeOver(writeFile(before, SCHEMA), after)).file).toEqual(after);
      }),
    );
  });

  it('that is written over keeps comments, and the order of what stays', () => {
    const before = `# Ours: ask Ada.
version: 1
groups:
  # Those who came by the fair.
  - name: Fair # since 2024
    isInternalGroup: false
    publicLinkLimit: 10 # as many as phones
  - name: Gone
    isInternalGroup: true
  - &team
    name: Team
    isInternalGroup: true
`;
    const groups: ProgrammeFile['groups'] = [
      { name: 'Team', isInternalGroup: true },
      { name: 'Fair', isInternalGroup: false, publicLinkLimit: 20 },
      { name: 'New', isInternalGroup: true },
    ];
    const after = writeOver(before, { version: 1, groups });
    for (const comment of [
      '# Ours: ask Ada.',
      '# Those who came by the fair.',
      '# since 2024',
      '# as many as phones',
    ])
      expect(after).toContain(comment);
    expect(parse(after).groups.map(({ name }: { name: string }) => name)).toEqual(['Fair', 'Team', 'New']);
    expect(after).toContain('publicLinkLimit: 20 # as many as phones');
  });

  it.each([
    ['version: 1\ngroupz: []\n', ['2:1 “groupz” is not known here.']],
    [
      'version: 1\ngroups:\n  - name: A\n    isInternalGroup: true\n    criteria: []\n',
      ['5:5 “criteria” is for external groups only.'],
    ],
    [
      'version: 1\ngroups:\n  - name: A\n    isInternalGroup: false\n    hasAccessToAllBuilds: true\n',
      ['5:5 “hasAccessToAllBuilds” is for internal groups only.'],
    ],
    [
      'version: 1\ngroups:\n  - name: A\n    isInternalGroup: true\n  - {name: " A ", isInternalGroup: false}\n',
      ['3:11 Two groups are called “A”.', '5:12 Two groups are called “A”.'],
    ],
    [
      'version: 1\ngroups:\n  - {name: A, previousName: B, isInternalGroup: false}\n  - {name: C, previousName: D, isInternalGroup: false}\n  - {name: B, previousName: A, isInternalGroup: false}\n  - {name: E, previousName: E, isInternalGroup: false}\n',
      [
        expect.stringMatching(/^3:29 “B” becomes “A” in a circle of groups that take each other’s names/),
        expect.stringMatching(/^5:29 “A” becomes “B” in a circle/),
      ],
    ],
    ['version: 1\ngroups:\n  - name: A\n', ['3:5 Say of the group isInternalGroup: true or false.']],
    [
      'version: 1\nfoo: 1\ngroups:\n  - name: A\n    isInternalGroup: true\n  - name: A\n    isInternalGroup: true\n',
      ['2:1 “foo” is not known here.', '4:11 Two groups are called “A”.', '6:11 Two groups are called “A”.'],
    ],
    ['version: 2\nzebra: 1\n', [expect.stringMatching(/^1:10 This file is from a newer Flightdeck/)]],
    ['groups: []\n', ['1:1 Say which version the file has: version: 1']],
    ['version: 1\nversion: 1\n', ['2:1 The same name stands twice here.']],
    [
      'version: 1\ntestInformation:\n  review: {demoAccountPassword: x}\n',
      ['3:12 The password of the demo account is never in a file: set it on the page Test information.'],
    ],
    [
      'version: 1\ngroups:\n  - name: A\n    isInternalGroup: false\n    criteria:\n      - deviceFamily: IPHONE\n        minimumOsInclusive: 17.0\n',
      ['7:29 “minimumOsInclusive” has to be a text: put it in quotes, such as "17.0".'],
    ],
    [
      'version: 1\ntestInformation:\n  localizations:\n    English: {description: x}\n',
      ['4:5 Enter a language code, such as en-US.'],
    ],
    [
      'version: 1\ngroups: yes please\n',
      ['2:9 “groups” has to be a list, each line of which begins with “- ”.'],
    ],
    [
      'version: 1\nappClipInvocations:\n  - url: nowhere\n    titles: {}\n',
      [
        '3:10 Enter a complete address, such as https://example.com.',
        '4:13 An address needs a title in at least one language.',
      ],
    ],
    [
      'version: 1\nalerts:\n  - {kind: newCrash, threshold: 5, channels: [bell]}\n  - {kind: buildExpiring, channels: [mail]}\n',
      ['3:33 This rule has no such figure.', '4:5 Write a number from 1 to 60.'],
    ],
    ['- 1\n', ['1:1 The file has to be names with values, such as “name: value”.']],
    ['a: b: c\n', [expect.stringMatching(/^1:\d+ This is no YAML: /)]],
    ['', ['null:null The file is empty.']],
    ['version: 1\n---\nversion: 1\n', [expect.stringMatching(/This is no YAML/)]],
  ])('%j is refused with its place', (text, problems) => {
    expect(told(text)).toEqual(problems);
  });

  it('of long texts in many lines is no worse for it', () => {
    const description = `${'Try it. '.repeat(150)}\n\n${'- and: this? '.repeat(100)}`.trim();
    const localizations = { 'de-DE': { description }, 'en-US': { description: `${description}\n` } };
    const file: ProgrammeFile = {
      version: 1,
      testInformation: { localizations, agreementText: description },
    };
    expect(readFile(writeFile(file, SCHEMA))).toEqual({ file, problems: [] });
  });

  it('that swells, is nested without end or too long is refused at once', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, index) => {
        const before = 'abcdefg'[index];
        return `${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`;
      }),
    ].join('\n');
    expect(told(bomb)).toEqual([expect.stringMatching(/repeats its parts so often/)]);
    const deep = [
      '['.repeat(FILE_LIMIT),
      '- '.repeat(FILE_LIMIT / 2),
      `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
    ];
    const names = Array.from({ length: 10_000 }, (_, index) => `k${index}: 1`).join('\n');
    const before = performance.now();
    expect(told(names)).toHaveLength(20);
    expect(performance.now() - before).toBeLessThan(10_000);
    const many = ['- a\n'.repeat(FILE_LIMIT / 4), '&a '.repeat(FILE_LIMIT / 4)];
    for (const text of [...deep, ...many])
      expect(told(text)).toEqual([
        'null:null The file is nested too deeply, or has too many parts, to be read.',
      ]);
    expect(told(`version: 1\napp: "${'x'.repeat(FILE_LIMIT)}"\n`)).toEqual([
      'null:null The file is longer than 1 MB.',
    ]);
  });

  it('of whatever letters is read or refused, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const { file, problems } = readFile(text);
        expect(file === null).toBe(problems.length > 0);
      }),
    );
  });
});

describe('the format', () => {
  it('is served to editors as it is read here', async () => {
    // After a change: npx vitest run --project unit tests/unit/programme/file.test.ts -u
    await expect(`${JSON.stringify(fileSchema(), null, 2)}\n`).toMatchFileSnapshot(
      '../../../public/programme.schema.json',
    );
  });

  it('is judged alike by its schema and by what reads it', () => {
    const isMeant = new Ajv({ strict: false, validateFormats: false }).compile(fileSchema());
    fc.assert(
      fc.property(files, (file) => {
        expect([isMeant(file), isMeant.errors]).toEqual([true, null]);
      }),
    );
    for (const wrong of [
      { version: 1, more: 1 },
      { version: 2 },
      { version: 1, groups: [{ name: 'A', isInternalGroup: true, criteria: [] }] },
      { version: 1, groups: [{ name: 'A' }] },
    ])
      expect([isMeant(wrong), programmeFile.safeParse(wrong).success]).toEqual([false, false]);
  });

  it('is described in the docs, each member of it and nothing else', () => {
    const page = readFileSync('docs/programme-as-code.md', 'utf8');
    const [, table = ''] = page.split('## Members');
    const described = [...table.matchAll(/^\| `([\w.[\]*]+)` \| (.+?) \|$/gm)].map(([, name, words]) => [
      name,
      words,
    ]);
    expect(described).toEqual(membersOf(fileSchema()));
  });
});

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly description?: string;
};

/** Every member of the format by its path, with what is said of it. */
function membersOf(schema: Schema, path = ''): (readonly [string, string])[] {
  const found = new Map<string, string>();
  for (const one of schema.oneOf ?? [schema]) {
    for (const [name, member] of Object.entries(one.properties ?? {})) {
      const own = path === '' ? name : `${path}.${name}`;
      if (!found.has(own)) found.set(own, member.description ?? '');
      for (const [inner, words] of membersOf(member, own)) if (!found.has(inner)) found.set(inner, words);
    }
    if (one.items) for (const [inner, words] of membersOf(one.items, `${path}[]`)) found.set(inner, words);
    if (one.additionalProperties)
      for (const [inner, words] of membersOf(one.additionalProperties, `${path}.*`)) found.set(inner, words);
  }
  return [...found];
}
