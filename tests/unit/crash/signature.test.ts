import { describe, expect, it } from 'vitest';
import { inAppFrames, isSystemPath } from '@/lib/crash/in-app';
import { crashKind } from '@/lib/crash/kind';
import { withoutValues } from '@/lib/crash/messages';
import { readCrashReport } from '@/lib/crash/read';
import { signatureOf, stackOf, topInAppFrame } from '@/lib/crash/signature';
import { BAD_ACCESS, type Call, type CrashPlan, ipsFile, textFile } from '../../factories/crash-files';

const issueOf = (plan: CrashPlan) => signatureOf(readCrashReport(ipsFile(plan)))?.issue;
const partsOf = (plan: CrashPlan) => signatureOf(readCrashReport(ipsFile(plan)))?.parts;

const RAISED: readonly Call[] = [
  ['CoreFoundation', '__exceptionPreprocess', 164],
  ['libobjc.A.dylib', 'objc_exception_throw', 60],
];
const ABORTED: readonly Call[] = [
  ['libsystem_kernel.dylib', '__pthread_kill', 8],
  ['libsystem_pthread.dylib', 'pthread_kill', 288],
  ['libsystem_c.dylib', 'abort', 180],
];
const UIKIT: readonly Call[] = [
  ['UIKitCore', '-[UIApplication _run]', 800],
  ['UIKitCore', 'UIApplicationMain', 120],
  ['Harbour', 'main', 64],
  ['dyld', 'start', 6000],
];

/** An exception that nobody caught. */
function thrown(name: string, reason: string, own: readonly Call[]): CrashPlan {
  return {
    type: 'EXC_CRASH',
    signal: 'SIGABRT',
    stack: ABORTED,
    thrown: [...RAISED, ...own],
    asi: {
      CoreFoundation: [`*** Terminating app due to uncaught exception '${name}', reason: '${reason}'`],
      'libsystem_c.dylib': ['abort() called'],
    },
  };
}

describe('two reports of one crash', () => {
  it.each<[string, CrashPlan]>([
    ['another start', { ...BAD_ACCESS, slide: 77 }],
    ['another system', { ...BAD_ACCESS, os: 'iPhone OS 18.5 (22F76)' }],
    [
      'another architecture and build',
      { ...BAD_ACCESS, arch: 'arm64e', uuids: { Harbour: 'FFFFFFFF-89AB-3CDE-8F01-23456789ABCD' } },
    ],
    ['a bus error', { ...BAD_ACCESS, signal: 'SIGBUS', subtype: 'KERN_PROTECTION_FAILURE at 0x18' }],
    [
      'other system frames',
      { stack: [['libobjc.A.dylib', 'objc_release', 8], ...BAD_ACCESS.stack.slice(1, 3)] },
    ],
    [
      'other offsets',
      { stack: BAD_ACCESS.stack.map(([image, symbol, offset]) => [image, symbol, offset + 16] as const) },
    ],
    ['another thread', { ...BAD_ACCESS, crashed: 5 }],
    [
      'what the compiler made of its functions',
      {
        stack: [
          ['Harbour', 'outlined init with copy of Berth', 90],
          ['Harbour', 'specialized BerthStore.persist(_:)', 100],
          ['Harbour', 'thunk for @escaping @callee_guaranteed () -> ()', 90],
          ['Harbour', 'partial apply for closure #1 in BerthStore.enqueue(_:)', 200],
          ['Harbour', 'BerthStore.enqueue(_:)', 300],
        ],
      },
    ],
    [
      'an inlined call',
      { stack: [['Harbour', 'Array.first.getter', 4112, 'inlined'], ...BAD_ACCESS.stack.slice(1)] },
    ],
  ])('are together in spite of %s', (_name, plan) => {
    expect(issueOf(plan)).toBe(issueOf(BAD_ACCESS));
    expect(signatureOf(readCrashReport(textFile(plan)))?.issue).toBe(issueOf(BAD_ACCESS));
  });

  it('are together where one trapped on Intel and one on Apple silicon', () => {
    const stack = BAD_ACCESS.stack.slice(1);
    expect(issueOf({ type: 'EXC_BAD_INSTRUCTION', signal: 'SIGILL', stack })).toBe(
      issueOf({ type: 'EXC_BREAKPOINT', signal: 'SIGTRAP', stack }),
    );
  });
});

describe('two different crashes', () => {
  it.each<[string, CrashPlan]>([
    ['kind', { ...BAD_ACCESS, type: 'EXC_BREAKPOINT', signal: 'SIGTRAP' }],
    ['function', { stack: [['Harbour', 'BerthStore.load(_:)', 4112], ...BAD_ACCESS.stack.slice(2)] }],
    ['caller', { stack: [...BAD_ACCESS.stack.slice(0, 2), ['Harbour', 'BerthStore.flush()', 9]] }],
    ['class', { stack: [['Harbour', 'CrewStore.persist(_:)', 4112], ...BAD_ACCESS.stack.slice(2)] }],
  ])('are apart by their %s', (_name, plan) => {
    expect(issueOf(plan)).not.toBe(issueOf(BAD_ACCESS));
  });

  it('are apart by the name of what was thrown, not by its values', () => {
    const own: Call[] = [['Harbour', '-[Cache itemAt:]', 100]];
    const range = thrown('NSRangeException', 'index 12 beyond bounds [0 .. 11]', own);
    expect(issueOf(range)).toBe(issueOf(thrown('NSRangeException', 'index 7 beyond bounds [0 .. 2]', own)));
    expect(issueOf(range)).not.toBe(issueOf(thrown('NSInvalidArgumentException', 'x', own)));
  });

  it('are apart where only the entry point is the app’s own', () => {
    const inUIKit = (symbol: string): CrashPlan => ({ stack: [['UIKitCore', symbol, 50], ...UIKIT] });
    expect(issueOf(inUIKit('-[UITableView _update]'))).not.toBe(issueOf(inUIKit('-[UITextView paste:]')));
    expect(
      partsOf({
        stack: [
          ['Harbour', 'main', 64],
          ['dyld', 'start', 6000],
        ],
      }),
    ).toEqual(['main']);
  });

  it('are apart by what was said where no code is the app’s own', () => {
    const said = (message: string): CrashPlan => ({
      type: 'EXC_BREAKPOINT',
      signal: 'SIGTRAP',
      stack: [['libswiftCore.dylib', '_assertionFailure(_:_:file:line:flags:)', 40]],
      asi: { 'libswiftCore.dylib': [message] },
    });
    const range = said('Swift/ContiguousArrayBuffer.swift:600: Fatal error: Index out of range');
    expect(issueOf(range)).toBe(issueOf(said('Swift/Array.swift:12: Fatal error: Index out of range')));
    expect(issueOf(range)).not.toBe(issueOf(said('Fatal error: Unexpectedly found nil')));
    const missing = (name: string): CrashPlan => ({
      type: 'EXC_CRASH',
      signal: 'SIGABRT',
      stack: [['dyld', '__abort_with_payload', 8]],
      termination: {
        namespace: 'DYLD',
        code: 1,
        reasons: [`Library not loaded: @rpath/${name}.framework/${name}`],
      },
    });
    expect(issueOf(missing('Sails'))).not.toBe(issueOf(missing('Ropes')));
  });

  it.each([
    ['library', 'Library missing', (name: string) => `Library not loaded: @rpath/${name}.framework/${name}`],
    ['symbol', 'Symbol missing', (name: string) => `Symbol not found: _$s${name.length}${name}3tieyyF`],
  ])('are apart by the %s that was missing at the start, in either form', (_name, indicator, line) => {
    const missing = (name: string, words: readonly string[]): CrashPlan => ({
      type: 'EXC_CRASH',
      signal: 'SIGABRT',
      stack: [['dyld', '__abort_with_payload', 8]],
      termination: { namespace: 'DYLD', code: 1, reasons: [...words, line(name)] },
    });
    const inJson = (name: string): CrashPlan => {
      const plan = missing(name, []);
      return { ...plan, body: { termination: { ...plan.termination, indicator } } };
    };
    expect(partsOf(inJson('Sails'))).toEqual([line('Sails')]);
    expect(issueOf(inJson('Sails'))).not.toBe(issueOf(inJson('Ropes')));
    const text = readCrashReport(textFile(missing('Sails', [indicator])));
    expect(signatureOf(text)?.issue).toBe(issueOf(inJson('Sails')));
  });

  it('are apart by the library where it stands in the line that says the place, too', () => {
    const told = (name: string, app: string) =>
      textFile({
        type: 'EXC_CRASH',
        signal: 'SIGABRT',
        stack: [['dyld', '__abort_with_payload', 8]],
      }).replace(
        'Triggered by',
        `Termination Description: DYLD, Library not loaded: @rpath/${name} | Referenced from: /var/${app}/Harbour | Reason: image not found\nTermination Reason: DYLD, [0x1] Library missing\nTriggered by`,
      );
    const issue = (file: string) => signatureOf(readCrashReport(file))?.issue;
    expect(issue(told('Sails', 'A1'))).toBe(issue(told('Sails', 'B2')));
    expect(issue(told('Sails', 'A1'))).not.toBe(issue(told('Ropes', 'A1')));
  });
});

it('groups no crash of which nothing is known', () => {
  const nothing = ipsFile({ stack: [] });
  expect(signatureOf(readCrashReport(nothing))).toBeNull();
  const killed = { namespace: 'RUNNINGBOARD', code: 0xdead10cc };
  const plan = { type: 'EXC_CRASH', signal: 'SIGKILL', termination: killed, stack: [] };
  expect(signatureOf(readCrashReport(ipsFile(plan)))?.kind).toBe('KILL RUNNINGBOARD 0xdead10cc');
});

describe('the stack', () => {
  it('is that of the exception, of the main thread for a watchdog, else of the crashed thread', () => {
    const raised = thrown('NSRangeException', 'x', [['Harbour', '-[Cache itemAt:]', 100]]);
    expect(topInAppFrame(readCrashReport(ipsFile(raised)))?.symbol).toBe('-[Cache itemAt:]');
    const hung: CrashPlan = {
      type: 'EXC_CRASH',
      signal: 'SIGKILL',
      crashed: 0,
      stack: [
        ['libsystem_kernel.dylib', '__psynch_mutexwait', 8],
        ['Harbour', 'BerthStore.lock()', 9],
      ],
      termination: {
        namespace: 'FRONTBOARD',
        code: 0x8badf00d,
        reasons: [
          'scene-update watchdog transgression: app<com.example.harbour>:812 exhausted real time allowance',
        ],
      },
      body: { faultingThread: 1 },
    };
    for (const file of [ipsFile(hung), textFile(hung)]) {
      const report = readCrashReport(file);
      expect(stackOf(report)[1]?.symbol).toBe('BerthStore.lock()');
      expect(crashKind(report)).toBe('KILL WATCHDOG scene-update');
    }
  });

  it('is no other thread’s where the crashed one is empty or was cut off', () => {
    const idle: CrashPlan = { ...BAD_ACCESS, crashed: 2 };
    const [json, text] = [ipsFile(idle), textFile(idle)];
    const empty = text.replace(/(Thread 2 Crashed:\n)(?:\d.*\n)+/, '$1');
    const files = {
      'text without calls': empty,
      'text without calls and field': empty
        .replace(/^Triggered by.*$/m, '')
        .replace(/^Thread 2 crashed with.*$/m, ''),
      'text cut before': text.slice(0, text.indexOf('Thread 2 Crashed')),
      'text cut behind its heading': text.slice(0, text.indexOf('Thread 2 Crashed') + 17),
      'JSON cut before': json.slice(0, json.indexOf('"id": 9001') + 40),
    };
    for (const [name, file] of Object.entries(files)) {
      const report = readCrashReport(file);
      expect(report, name).toMatchObject({ kind: 'crash', crashedThread: 2 });
      expect(report.threads[0]?.frames, name).toHaveLength(1);
      expect(stackOf(report), name).toEqual([]);
      expect(signatureOf(report), name).toBeNull();
    }
    // Where nothing says which thread it was the main one is the best guess.
    const untold = readCrashReport(
      text
        .replace(/^Triggered by.*$/m, '')
        .replace(/^Thread 2 crashed with.*$/m, '')
        .replace(' Crashed:', ':'),
    );
    expect([untold.crashedThread, stackOf(untold)[0]?.symbol]).toEqual([null, 'start_wqthread']);
  });

  it('is found in an exception’s own words where the system did not keep it', () => {
    const plan = thrown('NSRangeException', 'index 3', []);
    const backtrace =
      '0   CoreFoundation   0x0000000106000100 __exceptionPreprocess + 176\n1   Harbour   0x0000000102001000 -[Cache itemAt:] + 20';
    const report = readCrashReport(ipsFile({ ...plan, thrown: [], body: { asiBacktraces: [backtrace] } }));
    expect(topInAppFrame(report)).toMatchObject({
      binary: 'Harbour',
      symbol: '-[Cache itemAt:]',
      offset: 0x1000,
    });
  });

  it('counts a recursion once, wherever it ended', () => {
    const cycle = ['Node.parent.getter', 'Node.depth.getter', 'Node.path.getter'];
    const deep = (from: number, count: number): CrashPlan => ({
      signal: 'SIGBUS',
      stack: [
        ...Array.from(
          { length: count },
          (_, at): Call => ['Harbour', cycle[(from + at) % 3] ?? '', 100 + at],
        ),
        ['Harbour', 'Board.layout()', 5],
      ],
    });
    expect(issueOf(deep(0, 300))).toBe(issueOf(deep(1, 412)));
    expect(issueOf(deep(2, 200))).toBe(issueOf(deep(0, 300)));
    expect(partsOf(deep(0, 12))).toEqual([...cycle, 'Board.layout']);
  });
});

describe('the kind', () => {
  it.each<[Partial<CrashPlan>, string]>([
    [{ type: 'EXC_BAD_ACCESS', signal: 'SIGBUS' }, 'BAD_ACCESS'],
    [{ type: 'EXC_CRASH', signal: 'SIGABRT' }, 'ABORT'],
    [{ type: 'EXC_GUARD', signal: 'SIGKILL' }, 'GUARD'],
    [{ type: 'EXC_RESOURCE', signal: 'SIGKILL' }, 'RESOURCE'],
    [{ type: 'EXC_ARITHMETIC', signal: 'SIGFPE' }, 'ARITHMETIC'],
    [{ type: 'EXC_CRASH', signal: 'SIGQUIT' }, 'QUIT'],
    [
      { type: 'EXC_CRASH', signal: 'SIGKILL', termination: { namespace: 'RUNNINGBOARD', code: 0xdead10cc } },
      'KILL RUNNINGBOARD 0xdead10cc',
    ],
    [
      { type: 'EXC_BAD_ACCESS', signal: 'SIGKILL', termination: { namespace: 'CODESIGNING', code: 2 } },
      'KILL CODESIGNING 0x2',
    ],
    [
      { type: 'EXC_CRASH', signal: 'SIGKILL', termination: { namespace: 'SPRINGBOARD', code: 0x8badf00d } },
      'KILL WATCHDOG',
    ],
    [thrown('NSRangeException', 'x', []), 'NSEXCEPTION NSRangeException'],
    [
      {
        ...thrown('NSRangeException', 'x', []),
        asi: {
          'libc++abi.dylib': ['terminating due to uncaught exception of type std::runtime_error: broken'],
        },
      },
      'ABORT',
    ],
  ])('of %j', (plan, kind) => {
    const whole = { ...BAD_ACCESS, ...plan };
    expect(crashKind(readCrashReport(ipsFile(whole)))).toBe(kind);
    expect(crashKind(readCrashReport(textFile(whole)))).toBe(kind);
  });
});

describe('the app’s own code', () => {
  it('is the main executable; a framework of the bundle only where that has nothing; never Swift’s', () => {
    const stack: Call[] = [
      ['libswiftFoundation.dylib', 'Data.init()', 5],
      ['Rigging', 'Rope.pull()', 10],
    ];
    const paths = {
      'libswiftFoundation.dylib':
        '/private/var/containers/Bundle/Application/3F2504E0-4F89-41D3-9A0C-0305E82C3301/Harbour.app/Frameworks/libswiftFoundation.dylib',
    };
    const top = (plan: CrashPlan, team = {}) => topInAppFrame(readCrashReport(ipsFile(plan)), team)?.symbol;
    expect(top({ stack, paths })).toBe('Rope.pull()');
    const mixed: Call[] = [...stack, ['Harbour', 'Berth.moor()', 10]];
    expect(top({ stack: mixed, paths })).toBe('Berth.moor()');
    expect(top({ stack: mixed, paths }, { inApp: ['Rigging'] })).toBe('Rope.pull()');
    expect(
      top({
        stack: [
          ['Harbour.debug.dylib', 'Berth.moor()', 1],
          ['Harbour', '__debug_main_executable_dylib_entry_point', 2],
        ],
      }),
    ).toBe('Berth.moor()');
    expect(top({ stack: [['UIKitCore', 'x', 1]] })).toBeUndefined();
  });

  it('is told by the name of the process where a text has no paths', () => {
    const file = textFile(BAD_ACCESS);
    const cut = readCrashReport(file.slice(0, file.indexOf('Binary Images')).replace(/^Path:.*$/m, ''));
    expect(inAppFrames(cut, stackOf(cut)).map(({ symbol }) => symbol)).toEqual([
      'BerthStore.persist(_:)',
      'closure #1 in BerthStore.enqueue(_:)',
    ]);
  });

  it.each([
    ['/System/Library/Frameworks/UIKit.framework/UIKit', true],
    ['/usr/lib/swift/libswiftCore.dylib', true],
    [
      '/Library/Developer/CoreSimulator/Volumes/iOS_23B80/Library/Developer/CoreSimulator/Profiles/Runtimes/iOS 26.1.simruntime/Contents/Resources/RuntimeRoot/usr/lib/dyld',
      true,
    ],
    ['/private/preboot/Cryptexes/OS/System/Library/Frameworks/WebKit.framework/WebKit', true],
    ['/private/var/containers/Bundle/Application/X/Harbour.app/Harbour', false],
    ['/Users/USER/*/Harbour.app/Contents/MacOS/Harbour', false],
    ['/usr/local/lib/libz.dylib', false],
  ])('%s is the system’s: %s', (path, isSystem) => {
    expect(isSystemPath(path)).toBe(isSystem);
  });

  it('stands as place in its image where there are no symbols', () => {
    const bare = { stack: BAD_ACCESS.stack.map(([image, , offset]) => [image, null, offset] as const) };
    const parts = [
      '00000001-89AB-3CDE-8F01-23456789ABCD+0x1010',
      '00000001-89AB-3CDE-8F01-23456789ABCD+0x2020',
    ];
    expect(partsOf(bare)).toEqual(parts);
    expect(signatureOf(readCrashReport(textFile(bare)))?.parts).toEqual(parts);
  });
});

it('cuts out of a message what differs from time to time', () => {
  expect(
    withoutValues(
      "-[__NSCFNumber length]: unrecognized selector sent to instance 0x8000f0 <Foo: 0x12; a = 1> 'x' at /a/b/c.m:12",
    ),
  ).toBe('-[__NSCFNumber length]: unrecognized selector sent to instance # <Foo> "…" at /…:#');
});
