import { useId } from 'react';
import type { ExpiryRules } from '@/lib/browser/expire-builds';

/** What the form holds: which rules are on, and their days as they were typed. */
export interface RulesDraft {
  readonly isOlder: boolean;
  readonly days: string;
  readonly isSuperseded: boolean;
  readonly inNoGroup: boolean;
  readonly isUnchanged: boolean;
  readonly unchangedDays: string;
}

export const FIRST_DRAFT: RulesDraft = {
  ...{ isOlder: true, days: '60', isSuperseded: true, inNoGroup: false },
  ...{ isUnchanged: false, unchangedDays: '14' },
};

const daysIn = (typed: string): number | null =>
  /^\d{1,4}$/.test(typed.trim()) && Number(typed) >= 1 && Number(typed) <= 3_650 ? Number(typed) : null;

/** The rules as they are asked for; null while none is on or a number is none. */
export function rulesOf(draft: RulesDraft): ExpiryRules | null {
  const older = draft.isOlder ? daysIn(draft.days) : undefined;
  const unchanged = draft.isUnchanged ? daysIn(draft.unchangedDays) : undefined;
  if (older === null || unchanged === null) return null;
  const rules: ExpiryRules = {
    ...(older === undefined ? {} : { olderThanDays: older }),
    ...(draft.isSuperseded ? { isSuperseded: true as const } : {}),
    ...(draft.inNoGroup ? { inNoGroup: true as const } : {}),
    ...(unchanged === undefined ? {} : { installsUnchangedDays: unchanged }),
  };
  return Object.keys(rules).length > 0 ? rules : null;
}

/** The rules, of which all that are on have to hold. */
export function ExpiryRuleFields({
  draft,
  onChange,
}: {
  draft: RulesDraft;
  onChange: (draft: RulesDraft) => void;
}) {
  const set = (part: Partial<RulesDraft>) => onChange({ ...draft, ...part });
  return (
    <fieldset className="grid gap-1 text-sm">
      <legend className="mb-1 font-medium">All that is chosen has to hold</legend>
      <Rule isOn={draft.isOlder} onSwitch={(isOlder) => set({ isOlder })} label="Uploaded at least">
        <Days value={draft.days} label="Days since the upload" onChange={(days) => set({ days })} /> days ago
      </Rule>
      <Rule
        isOn={draft.isSuperseded}
        onSwitch={(isSuperseded) => set({ isSuperseded })}
        label="Superseded by a newer build of the same version and platform"
      />
      <Rule
        isOn={draft.inNoGroup}
        onSwitch={(inNoGroup) => set({ inNoGroup })}
        label="In no group, and given to nobody one by one"
      />
      <Rule
        isOn={draft.isUnchanged}
        onSwitch={(isUnchanged) => set({ isUnchanged })}
        label="No new installation for"
      >
        <Days
          value={draft.unchangedDays}
          label="Days without a new installation"
          onChange={(unchangedDays) => set({ unchangedDays })}
        />{' '}
        days of our readings
      </Rule>
    </fieldset>
  );
}

function Rule({
  isOn,
  onSwitch,
  label,
  children,
}: {
  isOn: boolean;
  onSwitch: (isOn: boolean) => void;
  label: string;
  children?: React.ReactNode;
}) {
  const id = useId();
  return (
    <div className="flex min-h-9 items-center gap-2">
      <input
        id={id}
        type="checkbox"
        checked={isOn}
        onChange={(event) => onSwitch(event.target.checked)}
        className="size-4 shrink-0 accent-accent"
      />
      <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        <label htmlFor={id}>{label}</label>
        {children ? <span>{children}</span> : null}
      </span>
    </div>
  );
}

function Days({
  value,
  label,
  onChange,
}: {
  value: string;
  label: string;
  onChange: (value: string) => void;
}) {
  const isWrong = daysIn(value) === null;
  return (
    <input
      aria-label={label}
      aria-invalid={isWrong || undefined}
      inputMode="numeric"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="field h-8 w-16 px-2 text-right tabular-nums"
    />
  );
}
