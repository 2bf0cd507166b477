/** One call as a test writes it: image, function (null without symbols), bytes from the image's start. */
export type Call = readonly [image: string, symbol: string | null, offset: number, inlined?: 'inlined'];

export interface CrashPlan {
  readonly stack: readonly Call[];
  readonly thrown?: readonly Call[];
  readonly crashed?: number;
  readonly type?: string;
  readonly signal?: string;
  readonly subtype?: string;
  readonly termination?: { namespace: string; code: number; reasons?: readonly string[]; indicator?: string };
  readonly asi?: Readonly<Record<string, readonly string[]>>;
  readonly process?: string;
  readonly arch?: string;
  readonly os?: string;
  /** Paths of images that do not lie where their name says. */
  readonly paths?: Readonly<Record<string, string>>;
  readonly uuids?: Readonly<Record<string, string>>;
  /** Changes addresses, as each start of a process does. */
  readonly slide?: number;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

const APP = '/private/var/containers/Bundle/Application/3F2504E0-4F89-41D3-9A0C-0305E82C3301/Harbour.app';
const SYSTEM: Readonly<Record<string, string>> = {
  UIKitCore: '/System/Library/PrivateFrameworks/UIKitCore.framework/UIKitCore',
  CoreFoundation: '/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation',
  Foundation: '/System/Library/Frameworks/Foundation.framework/Foundation',
  'libobjc.A.dylib': '/usr/lib/libobjc.A.dylib',
  'libc++abi.dylib': '/usr/lib/libc++abi.dylib',
  'libswiftCore.dylib': '/usr/lib/swift/libswiftCore.dylib',
  'libdispatch.dylib': '/usr/lib/system/libdispatch.dylib',
  'libsystem_c.dylib': '/usr/lib/system/libsystem_c.dylib',
  'libsystem_kernel.dylib': '/usr/lib/system/libsystem_kernel.dylib',
  'libsystem_pthread.dylib': '/usr/lib/system/libsystem_pthread.dylib',
  dyld: '/usr/lib/dyld',
};

interface Image {
  readonly name: string;
  readonly path: string;
  readonly base: number;
  readonly size: number;
  readonly uuid: string;
  readonly arch: string;
}

function imagesOf(plan: CrashPlan): Image[] {
  const process = plan.process ?? 'Harbour';
  const names = [
    ...new Set([process, ...[...plan.stack, ...(plan.thrown ?? [])].map(([image]) => image), 'dyld']),
  ];
  return names.map((name, at) => ({
    name,
    path:
      plan.paths?.[name] ??
      SYSTEM[name] ??
      (name === process ? `${APP}/${name}` : `${APP}/Frameworks/${name}`),
    base: 0x1_0200_0000 + at * 0x400_0000 + (plan.slide ?? 0) * 0x4000,
    size: 0x400_0000,
    uuid: plan.uuids?.[name] ?? `${String(at + 1).padStart(8, '0')}-89AB-3CDE-8F01-23456789ABCD`,
    arch: plan.arch ?? 'arm64',
  }));
}

/** The report as a device writes it today: a line of JSON, then JSON. */
export function ipsFile(plan: CrashPlan): string {
  const images = imagesOf(plan);
  const indexOf = (name: string) => images.findIndex((image) => image.name === name);
  const frames = (calls: readonly Call[]) =>
    calls.map(([image, symbol, offset, inlined]) => ({
      imageOffset: offset,
      ...(symbol === null ? {} : { symbol, symbolLocation: 12 }),
      imageIndex: indexOf(image),
      ...(inlined ? { inline: true } : {}),
    }));
  const crashed = plan.crashed ?? 0;
  const idle = [
    { imageOffset: 4096, symbol: 'start_wqthread', symbolLocation: 0, imageIndex: images.length - 1 },
  ];
  const header = {
    app_name: plan.process ?? 'Harbour',
    timestamp: '2026-10-03 09:12:44.00 +0200',
    app_version: '4.2',
    bundleID: 'com.example.harbour',
    build_version: '412',
    bug_type: '309',
    os_version: plan.os ?? 'iPhone OS 26.1 (23B85)',
    incident_id: '7A1D6E0C-53B2-4E7F-9A40-6D1F0C2B9E11',
    name: plan.process ?? 'Harbour',
    ...plan.header,
  };
  const body = {
    uptime: 5400,
    procName: plan.process ?? 'Harbour',
    procPath: images[0]?.path,
    modelCode: 'iPhone17,1',
    osVersion: { train: (plan.os ?? 'iPhone OS 26.1 (23B85)').replace(/ \(.*/, ''), build: '23B85' },
    captureTime: '2026-10-03 09:12:44.1234 +0200',
    incident: '7A1D6E0C-53B2-4E7F-9A40-6D1F0C2B9E11',
    pid: 812,
    cpuType: 'ARM-64',
    bundleInfo: {
      CFBundleIdentifier: 'com.example.harbour',
      CFBundleShortVersionString: '4.2',
      CFBundleVersion: '412',
    },
    exception: {
      codes: '0x0000000000000001, 0x0000000000000000',
      type: plan.type ?? 'EXC_BAD_ACCESS',
      signal: plan.signal ?? 'SIGSEGV',
      ...(plan.subtype ? { subtype: plan.subtype } : {}),
    },
    ...(plan.termination ? { termination: plan.termination } : {}),
    ...(plan.asi ? { asi: plan.asi } : {}),
    ...(plan.thrown ? { lastExceptionBacktrace: frames(plan.thrown) } : {}),
    faultingThread: crashed,
    threads: Array.from({ length: crashed + 2 }, (_, at) => ({
      id: 9000 + at,
      ...(at === 0 ? { queue: 'com.apple.main-thread' } : {}),
      ...(at === crashed
        ? {
            triggered: true,
            threadState: {
              x: [{ value: 0 }, { value: 1 }],
              pc: { value: 4_328_521_728 },
              flavor: 'ARM_THREAD_STATE64',
            },
            frames: frames(plan.stack),
          }
        : { frames: idle }),
    })),
    usedImages: images.map(({ name, path, base, size, uuid, arch }) => ({
      source: 'P',
      arch,
      base,
      size,
      uuid: uuid.toLowerCase(),
      path,
      name,
    })),
    ...plan.body,
  };
  return `${JSON.stringify(header)}\n${JSON.stringify(body, null, 2)}\n`;
}

const hex = (value: number, digits = 16) => `0x${value.toString(16).padStart(digits, '0')}`;

/** The same report in the older text. */
export function textFile(plan: CrashPlan): string {
  const images = imagesOf(plan);
  const line = ([name, symbol, offset]: Call, at: number) => {
    const image = images.find((one) => one.name === name);
    const base = image?.base ?? 0;
    const place = symbol === null ? `${hex(base, 1)} + ${offset}` : `${symbol} + 12`;
    return `${String(at).padEnd(4)}${name.padEnd(30)}\t${hex(base + offset)} ${place}`;
  };
  const frames = (calls: readonly Call[]) => calls.filter((call) => call[3] === undefined).map(line);
  const crashed = plan.crashed ?? 0;
  const codes = plan.termination;
  const said = Object.values(plan.asi ?? {}).flat();
  return [
    'Incident Identifier: 7A1D6E0C-53B2-4E7F-9A40-6D1F0C2B9E11',
    'CrashReporter Key:   2f4bd1f9a0c0b7f1',
    'Hardware Model:      iPhone17,1',
    `Process:             ${plan.process ?? 'Harbour'} [812]`,
    `Path:                ${images[0]?.path}`,
    'Identifier:          com.example.harbour',
    'Version:             412 (4.2)',
    'Code Type:           ARM-64 (Native)',
    'Parent Process:      launchd [1]',
    '',
    'Date/Time:           2026-10-03 09:12:44.1234 +0200',
    `OS Version:          ${plan.os ?? 'iPhone OS 26.1 (23B85)'}`,
    'Report Version:      104',
    '',
    `Exception Type:  ${plan.type ?? 'EXC_BAD_ACCESS'} (${plan.signal ?? 'SIGSEGV'})`,
    ...(plan.subtype ? [`Exception Subtype: ${plan.subtype}`] : []),
    'Exception Codes: 0x0000000000000001, 0x0000000000000000',
    ...(codes ? [`Termination Reason: ${codes.namespace} ${codes.code}`, ...(codes.reasons ?? [])] : []),
    '',
    `Triggered by Thread:  ${crashed}`,
    '',
    ...(said.length > 0 ? ['Application Specific Information:', ...said, ''] : []),
    ...(plan.thrown ? ['Last Exception Backtrace:', ...frames(plan.thrown), ''] : []),
    ...Array.from({ length: crashed + 2 }, (_, at) => [
      ...(at === 0 ? ['Thread 0 name:  Dispatch queue: com.apple.main-thread'] : []),
      `Thread ${at}${at === crashed ? ' Crashed' : ''}:`,
      ...(at === crashed ? frames(plan.stack) : [line(['dyld', 'start_wqthread', 4096], 0)]),
      '',
    ]).flat(),
    `Thread ${crashed} crashed with ARM Thread State (64-bit):`,
    '    x0: 0x0000000000000000   x1: 0x0000000000000001',
    '    pc: 0x0000000102000000',
    '',
    'Binary Images:',
    ...images.map(
      ({ base, size, name, arch, uuid, path }) =>
        `${hex(base, 1).padStart(18)} - ${hex(base + size - 1, 1).padStart(18)} ${name} ${arch}  <${uuid.replaceAll('-', '').toLowerCase()}> ${path}`,
    ),
    '',
    'EOF',
    '',
  ].join('\n');
}

/** A bad access in the app's own code, for tests that are about something else. */
export const BAD_ACCESS: CrashPlan = {
  stack: [
    ['libobjc.A.dylib', 'objc_msgSend', 32],
    ['Harbour', 'BerthStore.persist(_:)', 4112],
    ['Harbour', 'closure #1 in BerthStore.enqueue(_:)', 8224],
    ['libdispatch.dylib', '_dispatch_call_block_and_release', 64],
  ],
};
