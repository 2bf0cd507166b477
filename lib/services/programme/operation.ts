import { attributeLabel } from '@/lib/format/attribute-labels';
import { isolated } from '@/lib/format/isolated';
import { criteriaSentence } from '@/lib/format/recruitment';
import { isPersonal } from './programme';
import type { ProgrammeStep } from './step';

/** One member that becomes something else, in words; null for nothing. Both are null where the value is personal. */
export interface Change {
  readonly label: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** A page of the app: what follows the app in its address, and what a link to it says. */
interface NextStep {
  readonly section: string;
  readonly label: string;
}

/** A name of a group in a sentence. */
export const named = (name: string) => `“${isolated(name)}”`;

/** The page of a group that is there. */
export const groupPage = (id: string): NextStep => ({
  section: `/groups/${encodeURIComponent(id)}`,
  label: 'Open the group',
});

/**
 * One difference between a file and a programme. `later` waits for something, `recreate` cannot be changed at App Store
 * Connect, `blocked` cannot be done as it is asked: the three are never carried out, and neither is a deletion that is
 * not wanted.
 */
export interface Operation {
  readonly kind: 'create' | 'change' | 'delete' | 'recreate' | 'later' | 'blocked';
  /** What is done, or what differs, as a sentence. */
  readonly says: string;
  readonly changes: readonly Change[];
  /** Why it is not carried out, and what to do; null where it is. */
  readonly reason: string | null;
  /** Where somebody does what a file cannot; null where it can. */
  readonly next: NextStep | null;
  /** Whether something is gone afterwards: such are counted, and confirmed by their number. */
  readonly isDeletion: boolean;
  /** What is sent; null where nothing is. */
  readonly step: ProgrammeStep | null;
}

/** Why what a list of the file does not name stays. */
export const KEPT = 'It stays: nothing is deleted unless that is asked for.';

/** An operation with what is usual left out. */
export function operation(kind: Operation['kind'], says: string, more: Partial<Operation>): Operation {
  return {
    ...{ kind, says, changes: [], reason: null, next: null, step: null },
    isDeletion: kind === 'delete',
    ...more,
  };
}

/** Members as they become, in words. */
export function changesOf(
  expect: Readonly<Record<string, unknown>>,
  attributes: Readonly<Record<string, unknown>>,
): Change[] {
  return Object.entries(attributes).flatMap(([name, to]) => {
    // A limit takes two members; the number says it all.
    if (name === 'publicLinkLimitEnabled')
      return to === true ? [] : [{ label: attributeLabel('publicLinkLimit'), from: 'on', to: 'off' }];
    const label = attributeLabel(name);
    return isPersonal(name)
      ? [{ label, from: null, to: null }]
      : [{ label, from: valueWords(expect[name]), to: valueWords(to) }];
  });
}

function valueWords(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return value.toLocaleString('en');
  if (Array.isArray(value)) return criteriaSentence(value) || null;
  return String(value);
}
