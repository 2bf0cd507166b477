import type { Topic } from '../brands';

/** Where a frame lies; `@` is the app's own binary. */
export interface CauseFrame {
  image: string;
  symbol: string;
  file?: string;
  line?: number;
}

/** One bug: what every report of it has in common, whatever the build, device and addresses. */
export interface Cause {
  id: string;
  type: string;
  signal: string;
  subtype?: string;
  codes: readonly [number, number];
  termination: { namespace: string; code: number; indicator: string; reasons?: readonly string[] };
  /** Application-specific information: binary and text. */
  asi: readonly (readonly [image: string, text: string])[];
  /** The thread that died: the main one, or a worker with this queue. */
  queue: string;
  frames: readonly CauseFrame[];
  lastException?: readonly CauseFrame[];
  /** Needs UIKit, so never on a Mac. */
  isUikit?: boolean;
}

/** Names that an app's code would have, by what the app is about. */
const NOUNS: Record<Topic, readonly [store: string, model: string, view: string]> = {
  transit: ['TimetableStore', 'Departure', 'DepartureBoardView'],
  recipes: ['RecipeStore', 'Ingredient', 'ShoppingListView'],
  money: ['LedgerStore', 'Transaction', 'MonthlySummaryView'],
  fitness: ['WorkoutStore', 'HeartRateSample', 'LiveWorkoutView'],
  notes: ['NotebookStore', 'InkStroke', 'PageCanvasView'],
  weather: ['ForecastStore', 'HourlyReading', 'RadarMapView'],
  music: ['LibraryStore', 'TrackQueue', 'NowPlayingView'],
  language: ['LessonStore', 'Flashcard', 'PronunciationView'],
  plants: ['GardenStore', 'WateringPlan', 'PlantScannerView'],
  photo: ['RollStore', 'Exposure', 'DevelopView'],
};

/** `image|symbol|file:line`, one frame per entry. */
function frames(...rows: readonly string[]): CauseFrame[] {
  return rows.map((row) => {
    const [image = '', symbol = '', place] = row.split('|');
    const [file, line] = place?.split(':') ?? [];
    return file ? { image, symbol, file, line: Number(line) } : { image, symbol };
  });
}

const ABORT = [
  'libsystem_kernel.dylib|__pthread_kill',
  'libsystem_pthread.dylib|pthread_kill',
  'libsystem_c.dylib|abort',
];
const SIGABRT = { namespace: 'SIGNAL', code: 6, indicator: 'Abort trap: 6' };
const SIGTRAP = { namespace: 'SIGNAL', code: 5, indicator: 'Trace/BPT trap: 5' };
const SIGSEGV = { namespace: 'SIGNAL', code: 11, indicator: 'Segmentation fault: 11' };
const MAIN = 'com.apple.main-thread';
const THROWN = [
  ...ABORT,
  'libc++abi.dylib|__abort_message',
  'libc++abi.dylib|demangling_terminate_handler()',
  'libobjc.A.dylib|_objc_terminate()',
  'libc++abi.dylib|std::__terminate(void (*)())',
  'libc++abi.dylib|__cxa_rethrow',
  'libobjc.A.dylib|objc_exception_rethrow',
];
const BODY = [
  'SwiftUICore|AttributeGraph.Subgraph.update()',
  'SwiftUICore|ViewGraph.updateOutputs(at:)',
  'SwiftUI|_UIHostingView.layoutSubviews()',
];
const RAISE = ['CoreFoundation|__exceptionPreprocess', 'libobjc.A.dylib|objc_exception_throw'];

function swiftTraps(store: string, model: string, view: string): Cause[] {
  return [
    {
      id: 'unwrapped-nil',
      type: 'EXC_BREAKPOINT',
      signal: 'SIGTRAP',
      codes: [1, 0x193c],
      termination: SIGTRAP,
      queue: MAIN,
      asi: [
        [
          'libswiftCore.dylib',
          `${store}.swift:118: Fatal error: Unexpectedly found nil while unwrapping an Optional value`,
        ],
      ],
      frames: frames(
        'libswiftCore.dylib|_assertionFailure(_:_:file:line:flags:)',
        `@|${store}.merge(_:into:)|${store}.swift:118`,
        `@|closure #1 in ${view}.body.getter|${view}.swift:64`,
        `@|${view}.body.getter|${view}.swift:41`,
        ...BODY,
      ),
    },
    {
      id: 'index-out-of-range',
      type: 'EXC_BREAKPOINT',
      signal: 'SIGTRAP',
      codes: [1, 0x2a10],
      termination: SIGTRAP,
      queue: MAIN,
      asi: [['libswiftCore.dylib', 'Swift/ContiguousArrayBuffer.swift:692: Fatal error: Index out of range']],
      frames: frames(
        'libswiftCore.dylib|_assertionFailure(_:_:file:line:flags:)',
        'libswiftCore.dylib|_ArrayBuffer._checkInoutAndNativeTypeCheckedBounds(_:wasNativeTypeChecked:)',
        `@|specialized Array.subscript.getter|<compiler-generated>:0`,
        `@|${model}List.row(at:)|${model}List.swift:203`,
        `@|${view}.visibleRows.getter|${view}.swift:88`,
        ...BODY,
      ),
    },
    {
      id: 'wrong-queue',
      type: 'EXC_BREAKPOINT',
      signal: 'SIGTRAP',
      codes: [1, 0x3fe4],
      termination: SIGTRAP,
      queue: 'com.apple.root.user-initiated-qos.cooperative',
      asi: [
        [
          'libdispatch.dylib',
          'BUG IN CLIENT OF LIBDISPATCH: Assertion failed: Block was expected to execute on queue [com.apple.main-thread (0x1f2c40d80)]',
        ],
      ],
      frames: frames(
        'libdispatch.dylib|_dispatch_assert_queue_fail',
        'libdispatch.dylib|dispatch_assert_queue',
        'libswift_Concurrency.dylib|_swift_task_checkIsolatedSwift',
        `@|closure #2 in ${store}.refresh()|${store}.swift:77`,
        `@|${store}.refresh()|${store}.swift:52`,
        'libswift_Concurrency.dylib|completeTaskWithClosure(swift::AsyncContext*, swift::SwiftError*)',
      ),
    },
  ];
}

function badAccesses(store: string, model: string, view: string): Cause[] {
  return [
    {
      id: 'freed-object',
      type: 'EXC_BAD_ACCESS',
      signal: 'SIGSEGV',
      subtype: 'KERN_INVALID_ADDRESS at 0x0000000000000018',
      codes: [1, 0x18],
      termination: SIGSEGV,
      queue: `${store.toLowerCase()}.io`,
      asi: [],
      frames: frames(
        'libobjc.A.dylib|objc_msgSend',
        `@|${store}.persist(_:)|${store}.swift:240`,
        `@|closure #1 in ${store}.enqueue(_:)|${store}.swift:219`,
        `@|thunk for @escaping @callee_guaranteed () -> ()|<compiler-generated>:0`,
        'libdispatch.dylib|_dispatch_call_block_and_release',
        'libdispatch.dylib|_dispatch_client_callout',
        'libdispatch.dylib|_dispatch_lane_serial_drain',
        'libdispatch.dylib|_dispatch_lane_invoke',
      ),
    },
    {
      id: 'endless-recursion',
      type: 'EXC_BAD_ACCESS',
      signal: 'SIGBUS',
      subtype: 'KERN_PROTECTION_FAILURE at 0x000000016b0f3ff0',
      codes: [2, 0x16b0f3ff0],
      termination: { namespace: 'SIGNAL', code: 10, indicator: 'Bus error: 10' },
      queue: MAIN,
      asi: [],
      frames: frames(
        ...Array.from({ length: 24 }, (_, i) =>
          i % 2 === 0
            ? `@|${model}.parent.getter|${model}.swift:33`
            : `@|${model}.depth.getter|${model}.swift:47`,
        ),
        `@|${view}.indent(of:)|${view}.swift:131`,
        ...BODY,
      ),
    },
    {
      id: 'double-free',
      type: 'EXC_CRASH',
      signal: 'SIGABRT',
      codes: [0, 0],
      termination: SIGABRT,
      queue: 'com.apple.NSURLSession-delegate',
      asi: [
        [
          'libsystem_malloc.dylib',
          `{process}({pid},0x1f2c40d80) malloc: *** error for object 0x10b2d4a10: pointer being freed was not allocated`,
        ],
        ['libsystem_c.dylib', 'abort() called'],
      ],
      frames: frames(
        ...ABORT,
        'libsystem_malloc.dylib|malloc_vreport',
        'libsystem_malloc.dylib|malloc_report',
        'libsystem_malloc.dylib|___BUG_IN_CLIENT_OF_LIBMALLOC_POINTER_BEING_FREED_WAS_NOT_ALLOCATED',
        `@|${model}Decoder.release(buffer:)|${model}Decoder.swift:96`,
        `@|${model}Decoder.finish()|${model}Decoder.swift:71`,
        'CFNetwork|-[__NSCFURLSessionDelegateWrapper task:didCompleteWithError:]',
        'Foundation|__NSBLOCKOPERATION_IS_CALLING_OUT_TO_A_BLOCK__',
      ),
    },
  ];
}

function exceptions(store: string, model: string, view: string): Cause[] {
  const thrown = (
    id: string,
    name: string,
    reason: string,
    backtrace: readonly string[],
    isUikit: boolean,
  ): Cause => ({
    id,
    type: 'EXC_CRASH',
    signal: 'SIGABRT',
    codes: [0, 0],
    termination: SIGABRT,
    queue: MAIN,
    isUikit,
    asi: [
      ['CoreFoundation', `*** Terminating app due to uncaught exception '${name}', reason: '${reason}'`],
      ['libsystem_c.dylib', 'abort() called'],
    ],
    frames: frames(...THROWN),
    lastException: frames(...RAISE, ...backtrace),
  });
  return [
    thrown(
      'unrecognized-selector',
      'NSInvalidArgumentException',
      `-[__NSCFNumber length]: unrecognized selector sent to instance 0x8000000000000000`,
      [
        'CoreFoundation|-[NSObject(NSObject) doesNotRecognizeSelector:]',
        'CoreFoundation|___forwarding___',
        'CoreFoundation|_CF_forwarding_prep_0',
        `@|${model}.init(dictionary:)|${model}.swift:58`,
        `@|${store}.decode(_:)|${store}.swift:150`,
        `@|${store}.reload()|${store}.swift:139`,
      ],
      false,
    ),
    thrown(
      'batch-update',
      'NSInternalInconsistencyException',
      'Invalid batch updates detected: the number of sections and/or items returned by the data source before and/or after performing the batch updates are inconsistent with the updates.',
      [
        'Foundation|-[NSAssertionHandler handleFailureInMethod:object:file:lineNumber:description:]',
        'UIKitCore|-[UICollectionView _endItemAnimationsWithInvalidationContext:tentativelyForReordering:animator:collectionViewAnimator:]',
        'UIKitCore|-[UICollectionView performBatchUpdates:completion:]',
        `@|${view}Controller.apply(_:)|${view}Controller.swift:312`,
        `@|@objc ${view}Controller.storeDidChange(_:)|<compiler-generated>:0`,
      ],
      true,
    ),
    thrown(
      'range-exception',
      'NSRangeException',
      '*** -[__NSArrayM objectAtIndexedSubscript:]: index 12 beyond bounds [0 .. 11]',
      [
        'CoreFoundation|-[__NSArrayM objectAtIndexedSubscript:]',
        `@|-[${model}Cache itemAtPosition:]|${model}Cache.m:84`,
        `@|${view}.prefetch(_:)|${view}.swift:177`,
      ],
      false,
    ),
  ];
}

function killings(store: string, model: string, view: string): Cause[] {
  const killed = (
    id: string,
    namespace: string,
    code: number,
    reasons: readonly string[],
    queue: string,
    rows: readonly string[],
  ): Cause => ({
    id,
    type: 'EXC_CRASH',
    signal: 'SIGKILL',
    codes: [0, 0],
    termination: { namespace, code, indicator: 'Killed: 9', reasons },
    queue,
    asi: [],
    frames: frames(...rows),
  });
  return [
    killed(
      'scene-watchdog',
      'FRONTBOARD',
      0x8badf00d,
      [
        '<RBSTerminateContext| domain:10 code:0x8BADF00D explanation:[scene-update watchdog transgression: app<{bundle}>:{pid} exhausted real (wall clock) time allowance of 10.00 seconds',
        'ProcessVisibility: Foreground',
        'ProcessState: Running',
        'WatchdogEvent: scene-update',
        'WatchdogVisibility: Foreground',
        'WatchdogCPUStatistics: ("Elapsed total CPU time (seconds): 14.620 (user 11.240, system 3.380), 24% CPU", "Elapsed application CPU time (seconds): 9.870, 16% CPU") reportType:CrashLog maxTerminationResistance:Interactive>',
      ],
      MAIN,
      [
        'libsystem_kernel.dylib|__psynch_mutexwait',
        'libsystem_pthread.dylib|_pthread_mutex_firstfit_lock_wait',
        'libsystem_pthread.dylib|_pthread_mutex_firstfit_lock_slow',
        `@|${store}.withLock(_:)|${store}.swift:29`,
        `@|${store}.snapshot.getter|${store}.swift:44`,
        `@|${view}.task()|${view}.swift:59`,
        ...BODY,
      ],
    ),
    killed(
      'locked-file',
      'RUNNINGBOARD',
      0xdead10cc,
      ['{bundle}: RunningBoard: process held a file lock or SQLite database lock during suspension'],
      `${model.toLowerCase()}.backup`,
      [
        'libsystem_kernel.dylib|pwrite',
        'libsqlite3.dylib|unixWrite',
        'libsqlite3.dylib|pager_write_pagelist',
        'CoreData|-[NSSQLiteConnection execute]',
        `@|${store}.backUp(to:)|${store}.swift:301`,
        'libdispatch.dylib|_dispatch_client_callout',
      ],
    ),
    {
      id: 'memory-limit',
      type: 'EXC_RESOURCE',
      signal: 'SIGKILL',
      subtype: 'MEMORY: high watermark memory limit exceeded (Limit 2098 MB)',
      codes: [0x2000000832, 0],
      termination: { namespace: 'JETSAM', code: 7, indicator: 'per-process-limit' },
      queue: 'com.apple.root.default-qos',
      asi: [],
      frames: frames(
        'libsystem_malloc.dylib|xzm_malloc',
        'libswiftCore.dylib|swift_allocObject',
        `@|${model}.thumbnail(size:)|${model}.swift:188`,
        `@|${view}.cache(_:)|${view}.swift:240`,
        'libdispatch.dylib|_dispatch_call_block_and_release',
        'libdispatch.dylib|_dispatch_client_callout',
      ),
    },
  ];
}

const byTopic = new Map<Topic, readonly Cause[]>();

/** All bugs an app of this topic might have, always in the same order. */
export function causesFor(topic: Topic): readonly Cause[] {
  const known = byTopic.get(topic);
  if (known) return known;
  const [store, model, view] = NOUNS[topic];
  const causes = [
    ...swiftTraps(store, model, view),
    ...exceptions(store, model, view),
    ...badAccesses(store, model, view),
    ...killings(store, model, view),
  ];
  byTopic.set(topic, causes);
  return causes;
}
