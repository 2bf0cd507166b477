import { describe, expect, it } from 'vitest';
import { readCrashReport, readCrashReports } from '@/lib/crash/read';
import { signatureOf, topInAppFrame } from '@/lib/crash/signature';
import { BAD_ACCESS, ipsFile, textFile } from '../../factories/crash-files';

const IPS = ipsFile({ ...BAD_ACCESS, crashed: 2 });
const TEXT = textFile({ ...BAD_ACCESS, crashed: 2 });

/** What matters of a report, to compare ways of writing it. */
function essence(file: string | Uint8Array) {
  const report = readCrashReport(file);
  return {
    kind: report.kind,
    type: report.exception?.type,
    signal: report.exception?.signal,
    crashedThread: report.crashedThread,
    top: topInAppFrame(report)?.symbol,
    signature: signatureOf(report)?.issue,
  };
}

const EXPECTED = {
  kind: 'crash',
  type: 'EXC_BAD_ACCESS',
  signal: 'SIGSEGV',
  crashedThread: 2,
  top: 'BerthStore.persist(_:)',
  signature: essence(IPS).signature,
};

describe('a crash report', () => {
  it('is read whole from JSON', () => {
    const report = readCrashReport(IPS);
    expect(report).toMatchObject({
      kind: 'crash',
      format: 'ips',
      bugType: '309',
      crashedThread: 2,
      isCut: false,
      incident: '7A1D6E0C-53B2-4E7F-9A40-6D1F0C2B9E11',
      process: { name: 'Harbour', bundleId: 'com.example.harbour', version: '4.2', build: '412', pid: 812 },
      device: { model: 'iPhone17,1', os: 'iPhone OS', osVersion: '26.1', osBuild: '23B85', arch: 'ARM-64' },
    });
    expect(report.threads).toHaveLength(4);
    expect(report.threads[2]?.frames[1]).toMatchObject({
      binary: 'Harbour',
      offset: 4112,
      address: '0x102001010',
    });
    expect(report.registers).toEqual([
      ['x0', '0x0'],
      ['x1', '0x1'],
      ['pc', '0x102000000'],
    ]);
    expect(report.images[0]).toMatchObject({ name: 'Harbour', uuid: '00000001-89AB-3CDE-8F01-23456789ABCD' });
  });

  it('says the same in the older text', () => {
    const report = readCrashReport(TEXT);
    expect(essence(TEXT)).toEqual(EXPECTED);
    expect(report).toMatchObject({
      format: 'text',
      process: { name: 'Harbour', version: '4.2', build: '412', pid: 812, parent: 'launchd' },
      device: { model: 'iPhone17,1', os: 'iPhone OS', osVersion: '26.1', osBuild: '23B85', arch: 'ARM-64' },
      registers: [
        ['x0', '0x0000000000000000'],
        ['x1', '0x0000000000000001'],
        ['pc', '0x0000000102000000'],
      ],
    });
    expect(report.threads[0]).toMatchObject({ queue: 'com.apple.main-thread', isCrashed: false });
    expect(report.threads[2]?.frames[1]).toMatchObject({
      binary: 'Harbour',
      offset: 4112,
      address: '0x102001010',
    });
  });

  it.each([
    ['a blank line and a command before it', (file: string) => `\n$ cat Harbour-2026-10-03.ips\n${file}`],
    ['a byte order mark', (file: string) => `\uFEFF${file}`],
    ['lines that end as on Windows', (file: string) => file.replaceAll('\n', '\r\n')],
    ['lines that end as long ago', (file: string) => file.replaceAll('\n', '\r')],
    ['UTF-16', (file: string) => Buffer.from(`\uFEFF${file}`, 'utf16le')],
    ['bytes', (file: string) => new TextEncoder().encode(file)],
    [
      'another report behind it',
      (file: string) => `${file}\n${textFile({ ...BAD_ACCESS, type: 'EXC_GUARD' })}`,
    ],
    ['noughts behind it', (file: string) => `${file}\0\0\0`],
  ])('is read with %s', (_name, change) => {
    expect(essence(change(IPS)), 'JSON').toEqual(EXPECTED);
    expect(essence(change(TEXT)), 'text').toEqual(EXPECTED);
  });

  it('is read without its first line, on one line, and out of the answer of the service', () => {
    const [header = '', ...body] = IPS.split('\n');
    expect(essence(body.join('\n'))).toEqual(EXPECTED);
    expect(essence(`${header}\n${JSON.stringify(JSON.parse(body.join('\n')))}`)).toEqual(EXPECTED);
    expect(essence(JSON.stringify({ ...JSON.parse(header), ...JSON.parse(body.join('\n')) }))).toEqual(
      EXPECTED,
    );
    for (const logText of [IPS, TEXT]) {
      const answer = { data: { type: 'betaCrashLogs', id: 'x', attributes: { logText } } };
      expect(essence(JSON.stringify(answer))).toEqual(EXPECTED);
    }
  });

  it('is read as text behind a line of JSON, which is bug type 109', () => {
    const header =
      '{"bug_type":"109","os_version":"iPhone OS 12.5 (16H62)","name":"Harbour","app_version":"4.2"}';
    const report = readCrashReport(`${header}\n${TEXT}`);
    expect(report.format).toBe('ips-109');
    expect(essence(`${header}\n${TEXT}`)).toEqual(EXPECTED);
  });

  it('counts once where it is shown as text and then whole', () => {
    const shown = `-------------------------------------\nTranslated Report (Full Report Below)\n-------------------------------------\n\n${TEXT}\n-----------\nFull Report\n-----------\n\n${IPS}`;
    expect(readCrashReports(shown)).toHaveLength(1);
    expect(essence(shown)).toEqual(EXPECTED);
    // The JSON was lost on the way: the text above it is all there is.
    expect(essence(shown.slice(0, shown.indexOf('"threads"')))).toEqual(EXPECTED);
    // Or it was lost in the middle of its stacks.
    for (const more of [30, 200, 500]) {
      const cut = shown.slice(0, shown.indexOf('"threads"') + more);
      expect(readCrashReports(cut)).toHaveLength(1);
      expect(essence(cut), `${more} on`).toEqual(EXPECTED);
    }
  });

  it('is found several times in one file', () => {
    const guard = { ...BAD_ACCESS, type: 'EXC_GUARD', signal: 'SIGKILL' };
    for (const file of [
      IPS + ipsFile(guard),
      TEXT + textFile(guard),
      IPS + textFile(guard),
      TEXT + ipsFile(guard),
    ]) {
      expect(readCrashReports(file).map(({ exception }) => exception?.type)).toEqual([
        'EXC_BAD_ACCESS',
        'EXC_GUARD',
      ]);
    }
  });

  it('is read with its header on several lines, or on the line of its body', () => {
    const [header = '', ...lines] = IPS.split('\n');
    const body = lines.join('\n');
    const facts = { incident: '7A1D6E0C-53B2-4E7F-9A40-6D1F0C2B9E11', bugType: '309' };
    const pretty = JSON.stringify(JSON.parse(header), null, 2);
    // What only the header tells.
    const bare = JSON.stringify({ ...JSON.parse(body), incident: undefined });
    for (const [name, file] of Object.entries({
      'several lines': `${pretty}\n${bare}`,
      'several lines and more of them': `${pretty}\n${body}`,
      'one line': `${header}${bare}\n`,
      'one line and more of them': `${header} ${body}`,
    })) {
      expect(essence(file), name).toEqual(EXPECTED);
      expect(readCrashReports(file), name).toMatchObject([{ ...facts, isCut: false }]);
    }
    expect(readCrashReport(`${pretty}\n${TEXT}`)).toMatchObject({ ...facts, format: 'ips-109' });
    expect(readCrashReport(pretty)).toMatchObject({ kind: 'crash', isCut: true, ...facts });
    // A header whose body was lost is no reason to pass over the report behind it.
    expect(essence(`${header}\n${header}\n${body}`)).toEqual(EXPECTED);
    expect(essence(`${pretty}\n${pretty}\n${body}`)).toEqual(EXPECTED);
  });

  it('is read out of a file with any number of documents, and never throws', () => {
    for (const line of [
      '{"procName":"x"}',
      '{"bug_type":"309","app_name":"x"}',
      'Incident Identifier: x',
      '{"app_name":',
      '{"data":{"attributes":{"logText":"{}"}}}',
    ]) {
      const started = performance.now();
      const reports = readCrashReports(`${line}\n`.repeat(20_000));
      expect(reports.length, line).toBeLessThanOrEqual(101);
      expect(performance.now() - started, line).toBeLessThan(3000);
    }
    const many = Array.from({ length: 30 }, () =>
      JSON.stringify(JSON.parse(IPS.slice(IPS.indexOf('\n')))),
    ).join('');
    expect(readCrashReports(many)).toHaveLength(30);
  });

  it('has its exception’s stack from bare addresses, and the crashed thread’s where those tell nothing', () => {
    const bases = [0x1_0200_1010, 0x1_0200_2020];
    const bare = ipsFile({ ...BAD_ACCESS, crashed: 2, body: { lastExceptionBacktrace: bases } });
    const { thrown } = readCrashReport(bare);
    expect(thrown?.frames).toMatchObject([
      { binary: 'Harbour', offset: 0x1010 },
      { binary: 'Harbour', offset: 0x2020 },
    ]);
    const empty = { ...BAD_ACCESS, crashed: 2, body: { lastExceptionBacktrace: [{}, { imageIndex: 99 }] } };
    expect(readCrashReport(ipsFile(empty)).thrown).toBeNull();
    expect(essence(ipsFile(empty))).toEqual(EXPECTED);
  });

  it('goes on with a stack behind a line that cannot be read', () => {
    for (const words of ['(frames left out)', '[12 more frames]', '2 ??? lost']) {
      const file = TEXT.replace(/^(1 {3}Harbour.*)$/m, `$1\n${words}`);
      expect(file).not.toBe(TEXT);
      expect(essence(file), words).toEqual(EXPECTED);
      const report = readCrashReport(file);
      expect(report.thrown, words).toBeNull();
      expect(
        report.threads.map(({ frames }) => frames.length),
        words,
      ).toEqual([1, 1, 4, 1]);
    }
  });

  it('is one whatever the app said and its functions are called', () => {
    for (const words of [
      'Event: memory warning',
      'panic(cpu 0 caller',
      'Free pages: 12',
      'this is NOT a crash',
    ]) {
      const said = `Application Specific Information:\nabort() called\n${words}\n\n${words}\n\nTriggered by`;
      expect(essence(TEXT.replace('Triggered by', said)), words).toEqual(EXPECTED);
    }
    const named = textFile({ stack: [['Harbour', '-[Log setPanicString:]', 64]] });
    expect(readCrashReport(named)).toMatchObject({ kind: 'crash', what: null });
    expect(readCrashReport(TEXT.replace('\nThread 0', '\nHeaviest stack for a request\nThread 0')).kind).toBe(
      'known-not-a-crash',
    );
  });

  it('is read by what its lines hold where its labels are in another language', () => {
    const german = TEXT.replace('Exception Type:', 'Ausnahmetyp:')
      .replace('Triggered by Thread:', 'Ausgelöst durch Thread:')
      .replace('Thread 2 Crashed:', 'Thread 2 abgestürzt:')
      .replace('crashed with ARM Thread State', 'ist abgestürzt, Zustand')
      .replace('Binary Images:', 'Programmteile:')
      .replace('Process:', 'Prozess:');
    expect(essence(german)).toEqual(EXPECTED);
    const chinese = TEXT.replace('Exception Type:', '异常类型：')
      .replace('Triggered by Thread:', '由线程触发：')
      .replace(/^Thread (\d)( Crashed)?:/gm, '线程 $1：')
      .replace('crashed with ARM Thread State', '');
    expect(essence(chinese)).toEqual(EXPECTED);
  });

  it('tells the crashed thread where every heading says more than a number', () => {
    const busy = TEXT.replace(/^Thread (\d+)( Crashed)?:/gm, 'Thread $1 (worker)$2:');
    expect(essence(busy)).toEqual(EXPECTED);
    expect(essence(busy.replace(' Crashed:', ':'))).toEqual(EXPECTED);
  });

  it('is read as far as it goes where it was cut', () => {
    for (const [file, threads] of [
      [IPS, IPS.indexOf('"threads"')],
      [TEXT, TEXT.indexOf('Thread 0')],
    ] as const) {
      for (let end = 40; end < file.length; end += 37) {
        const report = readCrashReport(file.slice(0, end));
        if (end > threads) expect(report.exception?.type, `at ${end}`).toBe('EXC_BAD_ACCESS');
      }
      const half = readCrashReport(file.slice(0, file.length - 300));
      expect({ ...half, images: [] }).toMatchObject({ kind: 'crash', crashedThread: 2 });
    }
    expect(readCrashReport(IPS.slice(0, -300)).isCut).toBe(true);
    expect(readCrashReport(IPS.slice(0, IPS.indexOf('\n') + 1))).toMatchObject({
      kind: 'crash',
      isCut: true,
    });
  });

  it('keeps numbers that a double would round', () => {
    const file = IPS.replace('"value": 4328521728', '"value": 18446744073709551612');
    expect(readCrashReport(file).registers.at(-1)).toEqual(['pc', '0xfffffffffffffffc']);
    const torn = file.slice(0, -20);
    expect(readCrashReport(torn).registers.at(-1)).toEqual(['pc', '0xfffffffffffffffc']);
    const quoted = ipsFile({ ...BAD_ACCESS, body: { vmRegionInfo: ': 12345678901234567890,' } });
    expect(readCrashReport(quoted).kind).toBe('crash');
  });
});

describe('what is no crash', () => {
  const header = (bug: string, more = {}) =>
    JSON.stringify({
      bug_type: bug,
      timestamp: '2026-10-03 09:12:44.00 +0200',
      os_version: 'iPhone OS 26.1',
      ...more,
    });
  it.each([
    ['jetsam', `${header('298')}\n{"largestProcess":"Harbour","processes":[{"name":"Harbour","rpages":1}]}`],
    ['stackshot', `${header('288')}\n{"processByPid":{"0":{"procname":"kernel_task"}}}`],
    ['panic', `${header('210')}\n{"panicString":"panic(cpu 1 caller 0xfffffff0): x","product":"iPhone17,1"}`],
    ['resource', `${header('202')}\nEvent:            cpu usage\nAction taken:     none\n`],
    ['user-fault', ipsFile({ ...BAD_ACCESS, header: { bug_type: '385' }, body: { bug_type: '385' } })],
    ['other', `${header('211')}\n{"message":{"Count":1}}`],
    ['hang', 'Date/Time: 2026-10-03\nEvent:            hang\nDuration:         3.10s\n'],
    ['resource', 'Date/Time: 2026-10-03\nEvent:  disk writes\nWrites: 1073.75 MB\n'],
    [
      'resource',
      TEXT.replace(
        'Exception Codes:',
        'Exception Note:  NON-FATAL CONDITION (this is NOT a crash)\nExceptions:',
      ),
    ],
    ['panic', 'panic(cpu 0 caller 0xfffffff012345678): "zone_require failed"\nDebugger message: panic\n'],
  ])('%s is told as such', (what, file) => {
    expect(readCrashReport(file)).toMatchObject({ kind: 'known-not-a-crash', what });
    expect(signatureOf(readCrashReport(file))).toBeNull();
  });

  it.each([
    '',
    '\0',
    '{}',
    '[]',
    '{"name":"flightdeck","version":"1"}',
    'Dear diary: the app crashed. Thread 7 said so.',
    '<plist></plist>',
    '{"bug_type":',
    '\u{1F600}'.repeat(100),
  ])('%j is not recognised', (file) => {
    expect(readCrashReport(file)).toMatchObject({ kind: 'not-recognised', format: 'other' });
  });

  it('takes no word of a report for a part of the language', () => {
    for (const word of ['constructor', '__proto__', 'toString']) {
      const file = ipsFile({ ...BAD_ACCESS, type: word, signal: word, header: { bug_type: word } });
      const report = readCrashReport(file);
      expect(typeof (signatureOf(report)?.kind ?? '')).toBe('string');
      expect(report.what === null || typeof report.what === 'string').toBe(true);
    }
  });
});
