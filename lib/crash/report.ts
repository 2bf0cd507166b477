/**
 * What a file turned out to be: a crash, a report of Apple's that tells of something else (`what` says of what), or
 * nothing that is known here.
 */
export type ReportKind = 'crash' | 'known-not-a-crash' | 'not-recognised';

/** `ips`: JSON; `text`: the older text; `ips-109`: a line of JSON before the older text; `other`: none of them. */
export type ReportFormat = 'ips' | 'text' | 'ips-109' | 'other';

/** What Apple reports beside crashes. */
export type OtherReport =
  | 'jetsam'
  | 'stackshot'
  | 'panic'
  | 'spin'
  | 'hang'
  | 'resource'
  | 'user-fault'
  | 'other';

/** One call on a stack, the innermost first. */
export interface Frame {
  readonly index: number;
  /** The name of the image it is in, as the report has it. */
  readonly binary: string | null;
  /** Which of `images` that is. */
  readonly image: number | null;
  /** The function's name as the report has it (perhaps mangled); null where the report has only addresses. */
  readonly symbol: string | null;
  /** What its language calls it, where symbols of ours told it. */
  readonly plain?: string | null;
  /** Bytes from the start of the function. */
  readonly symbolOffset: number | null;
  /** Hexadecimal with 0x. */
  readonly address: string | null;
  /** Bytes from the start of the image. */
  readonly offset: number | null;
  readonly file: string | null;
  readonly line: number | null;
  /** True where the compiler put the function into the one below it. */
  readonly isInlined: boolean;
}

/** One thread as it stood. */
export interface Thread {
  readonly number: number;
  readonly name: string | null;
  readonly queue: string | null;
  readonly isCrashed: boolean;
  readonly frames: readonly Frame[];
}

/** One binary that was loaded. */
export interface BinaryImage {
  readonly name: string;
  readonly path: string | null;
  /** Upper case, with hyphens. */
  readonly uuid: string | null;
  readonly arch: string | null;
  /** Hexadecimal with 0x. */
  readonly base: string | null;
  readonly size: number | null;
  readonly bundleId: string | null;
  readonly version: string | null;
}

/** Why the system ended the process. */
export interface Termination {
  readonly namespace: string | null;
  readonly code: number | null;
  readonly reasons: readonly string[];
  readonly byProcess: string | null;
}

/** What was thrown and by whom it was not caught. */
export interface ThrownException {
  readonly name: string | null;
  readonly reason: string | null;
  readonly frames: readonly Frame[];
}

/** Everything that could be read of one report; what it does not say is null or empty. */
export interface CrashReport {
  readonly kind: ReportKind;
  readonly format: ReportFormat;
  /** What it reports when it is no crash. */
  readonly what: OtherReport | null;
  readonly bugType: string | null;
  readonly exception: {
    /** Mach's word (`EXC_BAD_ACCESS`), or the signal where the report has only that. */
    readonly type: string | null;
    readonly signal: string | null;
    readonly codes: string | null;
    readonly subtype: string | null;
    readonly message: string | null;
  } | null;
  readonly termination: Termination | null;
  readonly thrown: ThrownException | null;
  readonly crashedThread: number | null;
  readonly threads: readonly Thread[];
  readonly images: readonly BinaryImage[];
  /** Of the crashed thread: name and hexadecimal value. */
  readonly registers: readonly (readonly [name: string, value: string])[];
  /** What the binaries themselves said, such as Swift's "Fatal error: …". */
  readonly applicationInfo: readonly { readonly source: string | null; readonly lines: readonly string[] }[];
  readonly process: {
    readonly name: string | null;
    readonly path: string | null;
    readonly bundleId: string | null;
    readonly version: string | null;
    readonly build: string | null;
    readonly pid: number | null;
    readonly role: string | null;
    readonly parent: string | null;
  };
  readonly device: {
    readonly model: string | null;
    readonly os: string | null;
    readonly osVersion: string | null;
    readonly osBuild: string | null;
    readonly arch: string | null;
    /** True under Rosetta. */
    readonly isTranslated: boolean;
  };
  readonly incident: string | null;
  /** As the report writes them. */
  readonly crashedAt: string | null;
  readonly launchedAt: string | null;
  /** Seconds since the device was started. */
  readonly uptime: number | null;
  /** True when the report ends before it is whole. */
  readonly isCut: boolean;
}

/** A report about which nothing could be read. */
export const NOTHING: CrashReport = {
  kind: 'not-recognised',
  format: 'other',
  what: null,
  bugType: null,
  exception: null,
  termination: null,
  thrown: null,
  crashedThread: null,
  threads: [],
  images: [],
  registers: [],
  applicationInfo: [],
  process: {
    name: null,
    path: null,
    bundleId: null,
    version: null,
    build: null,
    pid: null,
    role: null,
    parent: null,
  },
  device: { model: null, os: null, osVersion: null, osBuild: null, arch: null, isTranslated: false },
  incident: null,
  crashedAt: null,
  launchedAt: null,
  uptime: null,
  isCut: false,
};
