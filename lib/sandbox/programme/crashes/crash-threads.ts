import type { Platform } from '../people/devices';
import type { Random } from '../prng';
import type { CauseFrame } from './crash-causes';

/** A thread before its frames have addresses. */
export interface ThreadPlan {
  name: string | null;
  queue: string | null;
  frames: readonly CauseFrame[];
}

function frames(image: string, ...symbols: readonly string[]): CauseFrame[] {
  return symbols.map((symbol) => ({ image, symbol }));
}

const MACH_WAIT = frames(
  'libsystem_kernel.dylib',
  'mach_msg2_trap',
  'mach_msg2_internal',
  'mach_msg_overwrite',
  'mach_msg',
);
const RUN_LOOP_WAIT = [
  ...MACH_WAIT,
  ...frames(
    'CoreFoundation',
    '__CFRunLoopServiceMachPort',
    '__CFRunLoopRun',
    '_CFRunLoopRunSpecificWithOptions',
  ),
];
const PTHREAD = frames('libsystem_pthread.dylib', '_pthread_start', 'thread_start');
const WORK_QUEUE = frames('libsystem_pthread.dylib', '_pthread_wqthread', 'start_wqthread');
const NS_THREAD = [...frames('Foundation', '__NSThread__start__'), ...PTHREAD];

/** What lies below everything on a main thread. */
function mainBottom(platform: Platform): CauseFrame[] {
  const loop =
    platform === 'MAC_OS'
      ? frames(
          'AppKit',
          '-[NSApplication(NSEventRouting) _nextEventMatchingEventMask:untilDate:inMode:dequeue:]',
          '-[NSApplication run]',
          'NSApplicationMain',
        )
      : [
          ...frames('GraphicsServices', 'GSEventRunModal'),
          ...frames('UIKitCore', '-[UIApplication _run]', 'UIApplicationMain'),
        ];
  return [
    ...loop,
    { image: '@', symbol: 'main', file: '<compiler-generated>', line: 0 },
    ...frames('dyld', 'start'),
  ];
}

/** The end of a stack: a main thread that was working, one that waited for events, or a worker. */
export function tailOf(kind: 'main' | 'idle' | 'worker', platform: Platform): CauseFrame[] {
  if (kind === 'worker')
    return [
      ...frames(
        'libdispatch.dylib',
        '_dispatch_root_queue_drain_deferred_wlh',
        '_dispatch_workloop_worker_thread',
      ),
      ...WORK_QUEUE,
    ];
  if (kind === 'idle') return [...RUN_LOOP_WAIT, ...mainBottom(platform)];
  return [
    ...frames('QuartzCore', 'CA::Transaction::commit()'),
    ...frames(
      'CoreFoundation',
      '__CFRUNLOOP_IS_CALLING_OUT_TO_AN_OBSERVER_CALLBACK_FUNCTION__',
      '__CFRunLoopDoObservers',
      '__CFRunLoopRun',
      '_CFRunLoopRunSpecificWithOptions',
    ),
    ...mainBottom(platform),
  ];
}

/** Threads that were doing nothing of interest: pool workers, event fetcher, network loader. */
export function backgroundThreads(random: Random, platform: Platform): ThreadPlan[] {
  const idleWorker: ThreadPlan = {
    name: null,
    queue: null,
    frames: frames('libsystem_pthread.dylib', 'start_wqthread'),
  };
  const parked: ThreadPlan = {
    name: null,
    queue: null,
    frames: [...frames('libsystem_kernel.dylib', '__workq_kernreturn'), ...WORK_QUEUE],
  };
  const fetcher: ThreadPlan = {
    name: platform === 'MAC_OS' ? 'com.apple.NSEventThread' : 'com.apple.uikit.eventfetch-thread',
    queue: null,
    frames: [
      ...RUN_LOOP_WAIT,
      ...(platform === 'MAC_OS'
        ? frames('AppKit', '_NSEventThread')
        : [
            ...frames(
              'Foundation',
              '-[NSRunLoop(NSRunLoop) runMode:beforeDate:]',
              '-[NSRunLoop(NSRunLoop) runUntilDate:]',
            ),
            ...frames('UIKitCore', '-[UIEventFetcher threadMain]'),
          ]),
      ...NS_THREAD,
    ],
  };
  const loader: ThreadPlan = {
    name: 'com.apple.CFNetwork.LoaderQ',
    queue: null,
    frames: [
      ...RUN_LOOP_WAIT,
      ...frames('CFNetwork', '+[__CFN_CoreSchedulingSetRunnable _run:]'),
      ...NS_THREAD,
    ],
  };
  const workers = Array.from({ length: random.between(1, 5) }, () =>
    random.chance(0.5) ? idleWorker : parked,
  );
  return [
    ...workers,
    fetcher,
    ...(random.chance(0.7) ? [loader] : []),
    ...(random.chance(0.4) ? [parked] : []),
  ];
}
