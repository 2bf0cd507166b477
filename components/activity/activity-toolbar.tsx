'use client';

import { ChevronDown, Search, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useApps } from '@/components/shell/known';
import { Button, buttonClass } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { Name } from '@/components/ui/name';
import { label } from '@/lib/format/labels';
import { ACTIVITY_FILTERS, type ActivityFilters } from './activity-query';

const ABOUT = {
  testers: 'Testers',
  groups: 'Groups',
  builds: 'Builds',
  information: 'Test information',
  feedback: 'Feedback',
  health: 'Health',
  alerts: 'Alerts and channels',
  webhooks: 'Webhooks',
  keys: 'Keys',
  team: 'Team and sign-ins',
} as const;
const STATUSES = ['succeeded', 'failed', 'unknown', 'pending'];
const QUIET_MS = 250;

/** Search, who, which app, about what, and how it went; each stands in the address bar. */
export function ActivityToolbar({
  state,
  people,
  onResults,
  onChange,
}: {
  state: ActivityFilters;
  people: readonly { readonly id: string; readonly name: string }[];
  /** Leaves the search for what these words find. */
  onResults: (words: string) => void;
  onChange: (change: Record<string, string | null>, history: 'push' | 'replace') => void;
}) {
  const apps = useApps();
  const choose = (name: string, value: string) =>
    onChange({ [name]: state[name as keyof ActivityFilters] === value ? null : value }, 'push');
  const entries = (name: keyof ActivityFilters, values: readonly (readonly [string, React.ReactNode])[]) =>
    values.map(([value, words]) => ({
      id: value,
      label: words,
      checked: state[name] === value,
      onSelect: () => choose(name, value),
    }));
  const nameOf = (id: string | null | undefined) => apps.find((app) => app.id === id)?.attributes?.name;
  const isNarrowed = ACTIVITY_FILTERS.some((name) => state[name]);
  return (
    <>
      <SearchField value={state.q ?? ''} onResults={onResults} onChange={(q) => onChange({ q }, 'replace')} />
      <Filter
        name="Person"
        chosen={state.actor ? (people.find(({ id }) => id === state.actor)?.name ?? 'one person') : null}
        entries={entries(
          'actor',
          people.map(({ id, name }) => [id, <bdi key={id}>{name}</bdi>] as const),
        )}
      />
      <Filter
        name="App"
        chosen={state.app ? (nameOf(state.app) ?? 'an app that is gone') : null}
        entries={entries(
          'app',
          // What is asked for is an app, whichever accounts have it.
          [...new Map(apps.map((app) => [app.id, app])).values()].map(
            ({ id, attributes }) => [id, <Name key={id}>{attributes?.name}</Name>] as const,
          ),
        )}
      />
      <Filter
        name="About"
        chosen={state.about ? (ABOUT[state.about as keyof typeof ABOUT] ?? state.about) : null}
        entries={entries('about', Object.entries(ABOUT))}
      />
      <Filter
        name="Outcome"
        chosen={state.status && label(state.status)}
        entries={entries(
          'status',
          STATUSES.map((value) => [value, label(value)] as const),
        )}
      />
      {isNarrowed ? (
        <Button
          variant="ghost"
          icon={<X size={13} aria-hidden />}
          onClick={() => onChange(Object.fromEntries(ACTIVITY_FILTERS.map((name) => [name, null])), 'push')}
        >
          Clear
        </Button>
      ) : null}
    </>
  );
}

function SearchField({
  value,
  onResults,
  onChange,
}: {
  value: string;
  onResults: (words: string) => void;
  onChange: (to: string | null) => void;
}) {
  const [typed, setTyped] = useState(value);
  const [shown, setShown] = useState(value);
  // Back, or a filter taken off, changes what is asked for without typing.
  if (value !== shown) {
    setShown(value);
    if (value !== typed.trim()) setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onChange(typed.trim() || null), QUIET_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <label className="relative flex min-w-40 items-center max-sm:w-full sm:w-64">
      <Search size={14} aria-hidden className="pointer-events-none absolute left-2.5 text-ink-faint" />
      <input
        type="search"
        aria-label="Search activity"
        data-tip="Search activity"
        data-keys="/"
        placeholder="A person, tester, group or app"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          const isOn = event.key === 'ArrowDown' || event.key === 'Enter';
          if (!isOn && event.key !== 'Escape') return;
          // The first Esc leaves the field, the next one clears it.
          event.preventDefault();
          event.currentTarget.blur();
          if (!isOn) return;
          if (typed.trim() !== value) onChange(typed.trim() || null);
          onResults(typed.trim());
        }}
        className="h-8 w-full rounded-md border bg-surface pr-2 pl-8 text-sm max-sm:h-11"
      />
    </label>
  );
}

function Filter({
  name,
  chosen,
  entries,
}: {
  name: string;
  chosen: React.ReactNode;
  entries: React.ComponentProps<typeof Menu>['entries'];
}) {
  return (
    <Menu label={`Filter by ${name.toLowerCase()}`} entries={entries} className={buttonClass()}>
      {name}
      {chosen ? <bdi className="max-w-40 truncate text-accent-ink">{chosen}</bdi> : null}
      <ChevronDown size={13} aria-hidden className="text-ink-faint" />
    </Menu>
  );
}
