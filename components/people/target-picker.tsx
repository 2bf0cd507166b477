'use client';

import type { ReactNode } from 'react';
import { buildName, Expiry } from '@/components/builds/build-words';
import { State } from '@/components/programme/state';
import { Name } from '@/components/ui/name';
import { type Choice, Picker } from '@/components/ui/picker';
import type { BuildResource, GroupResource } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';
import { type Targets, useBuildTargets, useGroupTargets } from './target-lists';

interface Props<Row> {
  appId: string;
  /** By default the account of the page. */
  accountId?: string | undefined;
  chosen: readonly string[];
  /** The ids and, as far as they were shown, what they stand for. */
  onChange: (ids: readonly string[], rows: readonly Row[]) => void;
  isSingle?: boolean;
  error?: string | undefined;
  /** What it has already. */
  without?: readonly string[];
}

/** The groups of an app to choose from. */
export function GroupPicker({
  appId,
  accountId,
  withInternal = false,
  unableOf,
  ...rest
}: Props<GroupResource> & {
  withInternal?: boolean;
  /** Why a group cannot be chosen, in words. */
  unableOf?: (group: GroupResource) => string | undefined;
}) {
  const groups = useGroupTargets(appId, { isExternalOnly: !withInternal, accountId });
  return (
    <Chooser
      {...rest}
      unableOf={unableOf}
      name="Groups"
      targets={groups}
      nothing={
        groups.search
          ? 'No group of this name.'
          : `This app has no ${withInternal ? '' : 'external '}group yet.`
      }
      wordsOf={({ attributes, meta }) => ({
        label: `${attributes?.name ?? 'Unnamed'}${attributes?.isInternalGroup ? ' (internal)' : ''}`,
        content: (
          <span className="flex items-center gap-x-3 max-sm:flex-wrap">
            <Name className="min-w-0 flex-1 break-words max-sm:flex-none max-sm:basis-full">
              {attributes?.name ?? 'Unnamed'}
            </Name>
            <span className="shrink-0 text-ink-soft">
              {attributes?.isInternalGroup ? 'internal' : 'external'}
              {meta?.testerCount == null ? '' : ` · ${formatPlural(meta.testerCount, 'tester')}`}
            </span>
          </span>
        ),
      })}
    />
  );
}

/** The builds of an app that can still be installed, to choose from, newest first. */
export function BuildPicker({ appId, accountId, ...rest }: Props<BuildResource>) {
  const builds = useBuildTargets(appId, { accountId });
  return (
    <Chooser
      {...rest}
      name="Builds"
      targets={builds}
      nothing={builds.search ? 'No build of this number.' : 'This app has no build that could be installed.'}
      wordsOf={(build) => ({
        label: buildName(build),
        content: (
          <span className="flex items-center gap-x-3 max-sm:flex-wrap">
            <span className="min-w-0 flex-1 break-words max-sm:flex-none max-sm:basis-full">
              {buildName(build)}
            </span>
            <span className="shrink-0 text-ink-soft max-sm:hidden">
              <State value={build.meta?.externalBuildState} />
            </span>
            <span className="shrink-0 text-ink-soft">
              <Expiry build={build} isNamed />
            </span>
          </span>
        ),
      })}
    />
  );
}

/** One to be chosen, as the pickers take it; '' while none is. */
export function single(value: string, onChange: (id: string) => void) {
  return {
    isSingle: true,
    chosen: value ? [value] : [],
    onChange: ([id = '']: readonly string[]) => onChange(id),
  };
}

function Chooser<Row extends { readonly id: string }>({
  name,
  targets,
  nothing,
  wordsOf,
  chosen,
  onChange,
  without = [],
  unableOf,
  ...rest
}: Omit<Props<Row>, 'appId' | 'accountId'> & {
  unableOf?: ((row: Row) => string | undefined) | undefined;
  name: 'Groups' | 'Builds';
  targets: Targets<Row>;
  nothing: string;
  wordsOf: (row: Row) => { label: string; content: ReactNode };
}) {
  const { rows, ...list } = targets;
  const choices = rows.map(
    (row): Choice => ({
      id: row.id,
      ...wordsOf(row),
      unable: without.includes(row.id) ? 'Has it already' : unableOf?.(row),
    }),
  );
  return (
    <Picker
      {...rest}
      name={name}
      label={`Search ${name.toLowerCase()}`}
      search={list.search}
      onSearch={list.onSearch}
      isPending={list.isPending}
      onMore={list.onMore}
      nothing={nothing}
      choices={choices}
      chosen={new Set(chosen)}
      onChange={(ids) =>
        onChange(
          [...ids],
          rows.filter(({ id }) => ids.has(id)),
        )
      }
    />
  );
}
