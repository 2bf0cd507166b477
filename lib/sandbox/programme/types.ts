/**
 * What a programme generator hands to the sandbox's store. Everything is a pure function of
 * (size, seed, epoch), so two sandboxes started alike hold the same programme.
 */

/** A resource as the store keeps it: Apple's type and attribute names, relationships as ids only. */
export interface Seed {
  type: string;
  id: string;
  attributes: Record<string, unknown>;
  /** Owning side only: to-one as an id or null, to-many as ids. The store derives the inverse side. */
  relationships: Record<string, string | readonly string[] | null>;
}

export type ProgrammeSize = 'small' | 'medium' | 'large';

export interface ProgrammeOptions {
  size: ProgrammeSize;
  seed: number;
  /** The instant the programme is told from, in milliseconds since 1970. All dates are relative to it. */
  epochMs: number;
}

/** Figures the store keeps per tester and app, and derives every metrics answer from. */
export interface TesterUsage {
  testerId: string;
  /** One entry per active day, newest first: days before the epoch, sessions, crashes. */
  days: readonly { daysAgo: number; sessionCount: number; crashCount: number; feedbackCount: number }[];
}

/** One day of a public link's funnel. */
export interface LinkDay {
  daysAgo: number;
  viewCount: number;
  acceptedCount: number;
  didNotAcceptCount: number;
  didNotMeetCriteriaCount: number;
  notRelevant: number;
  notClear: number;
  notInteresting: number;
}

export interface Programme {
  readonly options: ProgrammeOptions;
  /** Apps, users and everything that belongs to no app (recruitment criterion options). Cheap. */
  team(): readonly Seed[];
  /**
   * One app's groups, criteria, trains, builds, bundles, beta details, localizations, review details and
   * submissions, license, encryption declarations, app clips and invocations, uploads, webhooks, diagnostics,
   * background assets. Cheap: no testers, no feedback.
   */
  app(appId: string): readonly Seed[];
  /** How many testers `testers(appId)` will give, without generating them. */
  testerCount(appId: string): number;
  /** How many testers a group holds, without generating them. */
  groupTesterCount(groupId: string): number;
  /** All betaTesters of one app, with relationships app, betaGroups and builds. */
  testers(appId: string): readonly Seed[];
  /** betaFeedbackCrashSubmissions and betaFeedbackScreenshotSubmissions of one app, newest first. */
  feedback(appId: string): readonly Seed[];
  /** The crash log (`logText`) of a crash submission: `.ips` JSON lines or the legacy text form, real-shaped. */
  crashLog(submission: Seed): string;
  /** A screenshot as PNG bytes at the size the submission names. */
  screenshot(submission: Seed, index: number): Uint8Array;
  /** An app's icon as PNG bytes; null for an unknown app. */
  icon(appId: string): Uint8Array | null;
  usage(appId: string): readonly TesterUsage[];
  linkUsage(groupId: string): readonly LinkDay[];
  /** perfPowerMetrics and diagnosticSignatures logs bodies, in Apple's shapes. */
  perfPowerMetrics(buildId: string): unknown;
  diagnosticLogs(signatureId: string): unknown;
  /**
   * The n-th thing that would happen next in this app while time moves: used by the store's clock for
   * feedback that arrives and testers who join by link. Deterministic in n.
   */
  nextFeedback(appId: string, n: number): Seed;
  nextTester(appId: string, groupId: string, n: number): Seed;
}
