'use client';

import { BuildTargetPicker } from '@/components/builds/build-target-picker';
import { Name } from '@/components/ui/name';
import { type Choice, Picker } from '@/components/ui/picker';
import type { BuildResource, GroupResource } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';
import { useBuildTargets, useGroupTargets } from './target-lists';

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
  chosen,
  onChange,
  without = [],
  ...rest
}: Props<GroupResource> & {
  withInternal?: boolean;
  /** Why a group cannot be chosen, in words. */
  unableOf?: (group: GroupResource) => string | undefined;
}) {
  const { rows, search, onSearch, isPending, onMore } = useGroupTargets(appId, {
    isExternalOnly: !withInternal,
    accountId,
  });
  return (
    <Picker
      {...rest}
      {...{ search, onSearch, isPending, onMore }}
      name="Groups"
      label="Search groups"
      nothing={
        search ? 'No group of this name.' : `This app has no ${withInternal ? '' : 'external '}group yet.`
      }
      choices={rows.map((group) => ({
        ...groupChoice(group),
        unable: without.includes(group.id) ? 'Has it already' : unableOf?.(group),
      }))}
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

function groupChoice({ id, attributes, meta }: GroupResource): Choice {
  return {
    id,
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
  };
}

/** The builds of an app that can still be installed, to choose from, newest first. */
export function BuildPicker({
  appId,
  accountId,
  chosen,
  onChange,
  without = [],
  ...rest
}: Props<BuildResource>) {
  const builds = useBuildTargets(appId, { accountId });
  return (
    <BuildTargetPicker
      {...rest}
      builds={builds}
      nothing={builds.search ? 'No build of this number.' : 'This app has no build that could be installed.'}
      chosen={new Set(chosen)}
      onChange={(ids) =>
        onChange(
          [...ids],
          builds.rows.filter(({ id }) => ids.has(id)),
        )
      }
      whyNot={({ id }) => (without.includes(id) ? 'Has it already' : undefined)}
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
