/** Red: testers are kept from testing, or nothing is told any more. Amber: it will come to that, or is worth a look. */
export type LightLevel = 'red' | 'amber';

interface Use {
  readonly sessions: number;
  readonly crashes: number;
}

/** The numbers that a light of each kind rests on. */
export interface LightFacts {
  build_expiring: { readonly at: string; readonly isOver: boolean };
  export_compliance_missing: Readonly<Record<never, never>>;
  review_rejected: Readonly<Record<never, never>>;
  review_waiting: { readonly at: string };
  link_admits_nobody: { readonly reasons: readonly string[] };
  link_nearly_full: { readonly used: number; readonly limit: number; readonly fullOn: string | null };
  testers_nearly_full: { readonly used: number; readonly limit: number; readonly fullOn: string | null };
  crash_free_fell: { readonly newest: Use; readonly former: Use; readonly formerName: string };
  adoption_slow: { readonly devices: number; readonly all: number; readonly day: string };
  feedback_unread: { readonly reports: number; readonly oldest: string };
  group_unused: { readonly testers: number; readonly reason: 'noBuild' | 'noSession'; readonly days: number };
  key_refused: { readonly state: string };
  key_trouble: { readonly state: string };
  sync_failed: { readonly error: string | null };
  sync_old: { readonly at: string };
}

export type LightKind = keyof LightFacts;

/** What a light is about, whatever its kind. */
interface Subject {
  readonly accountId: string;
  /** Null for what concerns a whole account. */
  readonly appId: string | null;
  /** Apple's id of the build or group; of the app or account where it is about that. */
  readonly id: string;
  /** What people call it: a build by platform, version and number. Null where it is the app itself. */
  readonly name: string | null;
  /** Since when it is so, ISO text; null where nobody can tell. */
  readonly since: string | null;
}

export type Found<Kind extends LightKind> = Subject & { readonly facts: LightFacts[Kind] };

/** Something that wants somebody, by one of the rules. */
export type Light = {
  [Kind in LightKind]: Found<Kind> & {
    /** The same as long as it is the same thing about the same subject. */
    readonly key: string;
    readonly kind: Kind;
    readonly level: LightLevel;
  };
}[LightKind];
