import type { TriageBody } from '@/lib/browser/feedback';

/** What is asked in a window of its own. */
export type Asked =
  | 'resolve'
  | 'assignee'
  | 'priority'
  | 'label'
  | 'duplicate'
  | 'snooze'
  | 'merge'
  | 'attach';

/** What a decision is about, before it is made. */
export interface Subject {
  readonly target: TriageBody['target'];
  readonly appId: string;
  readonly accountId: string | undefined;
  /** “3 crash issues” */
  readonly called: string;
  /** The issues that are meant, as far as they are known: nothing goes into itself. */
  readonly issueIds: readonly string[];
  /** Crash issues that may be the same. */
  readonly alike?: readonly string[];
  /** What the person saw of the one that is meant. */
  readonly expect?: NonNullable<TriageBody['expect']>;
}

export interface Intent {
  readonly asks: Asked;
  readonly subject: Subject;
}
