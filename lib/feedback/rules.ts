/** What becomes of feedback without anybody deciding it. */
export interface TriageRule {
  readonly id: string;
  readonly name: string;
  /** Of which app; null for all. */
  readonly accountId: string | null;
  readonly appId: string | null;
  readonly label: string | null;
  /** A function, binary or file of the app's own calls; `*` stands for anything. */
  readonly frame: string | null;
  /** Null where it assigns nobody, or somebody who works on feedback no more. */
  readonly assigneeId: string | null;
  readonly priority: number | null;
  readonly addLabel: string | null;
}

/** An issue as rules see it. */
export interface RuledIssue {
  readonly id: string;
  readonly accountId: string;
  readonly appId: string;
  readonly status: string;
  readonly assigneeId: string | null;
  readonly priority: number;
  readonly isAssignedByHand: number;
  readonly isPrioritisedByHand: number;
  readonly labels: ReadonlySet<string>;
  /** Of its reports: lines of function, binary and file, between tabs. */
  readonly frames: readonly string[];
  /** Rules that have done what they do. */
  readonly applied: ReadonlySet<string>;
}

/** What a rule does to an issue. */
export interface Effect {
  readonly assigneeId?: string;
  readonly priority?: number;
  readonly addLabel?: string;
}

const OPEN = new Set(['new', 'triaged', 'inProgress']);

type State = Pick<
  RuledIssue,
  'status' | 'assigneeId' | 'priority' | 'isAssignedByHand' | 'isPrioritisedByHand'
>;

/** What rules may still say of an issue: never what a person has said, and nothing of what is closed. */
export function freeOf(issue: State): { isOpen: boolean; assignee: boolean; priority: boolean } {
  const isOpen = OPEN.has(issue.status);
  return {
    isOpen,
    assignee: isOpen && issue.assigneeId === null && issue.isAssignedByHand === 0,
    priority: isOpen && issue.priority === 0 && issue.isPrioritisedByHand === 0,
  };
}

/** Whether an issue is of those that a rule is about; its `labels` may be more than are stored. */
export function isMeant(rule: TriageRule, issue: RuledIssue, labels = issue.labels): boolean {
  if (rule.appId !== null && (rule.appId !== issue.appId || rule.accountId !== issue.accountId)) return false;
  if (rule.label !== null && !hasLabel(labels, rule.label)) return false;
  return rule.frame === null || matchesFrame(rule.frame, issue.frames);
}

/**
 * What the rules do to an issue, each that does something by its id. They are asked in their order: the first that
 * assigns does, so does the first that says how urgent it is; labels are added by all, and later rules see them.
 */
export function effectsOf(rules: readonly TriageRule[], issue: RuledIssue): Map<string, Effect> {
  const effects = new Map<string, Effect>();
  const free = freeOf(issue);
  if (!free.isOpen) return effects;
  const labels = new Set(issue.labels);
  for (const rule of rules) {
    if (issue.applied.has(rule.id) || !isMeant(rule, issue, labels)) continue;
    const effect = effectOf(rule, free, labels);
    if (effect === null) continue;
    effects.set(rule.id, effect);
    if (effect.assigneeId !== undefined) free.assignee = false;
    if (effect.priority !== undefined) free.priority = false;
    if (effect.addLabel !== undefined) labels.add(effect.addLabel);
  }
  return effects;
}

/** What one rule does to an issue that it is about; null where everything is so already, or was said by a person. */
export function effectOf(
  { assigneeId, priority, addLabel }: TriageRule,
  free: { readonly assignee: boolean; readonly priority: boolean },
  labels: ReadonlySet<string>,
): Effect | null {
  const effect = {
    ...(assigneeId !== null && free.assignee ? { assigneeId } : {}),
    ...(priority !== null && free.priority ? { priority } : {}),
    ...(addLabel !== null && !hasLabel(labels, addLabel) ? { addLabel } : {}),
  };
  return Object.keys(effect).length === 0 ? null : effect;
}

const same = (text: string) => text.normalize('NFC').toLowerCase();
const hasLabel = (labels: ReadonlySet<string>, label: string) =>
  labels.has(label) || [...labels].some((one) => same(one) === same(label));

/** Whether a function, a binary, or a file with or without its folders is what a pattern says, whatever its case. */
export function matchesFrame(pattern: string, frames: readonly string[]): boolean {
  const parts = same(pattern).split(/\*+/);
  return frames.some((text) =>
    same(text)
      .split(/[\n\t]/)
      .some(
        (one) => one !== '' && (isLike(one, parts) || isLike(one.slice(one.lastIndexOf('/') + 1), parts)),
      ),
  );
}

/** Parts one after the other, with anything between them: found in one go, whatever the pattern. */
function isLike(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
