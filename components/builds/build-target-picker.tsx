import type { Targets } from '@/components/people/target-lists';
import { State } from '@/components/programme/state';
import { type Choice, Picker } from '@/components/ui/picker';
import type { BuildResource } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';
import { buildName, Expiry } from './build-words';

/** Builds to choose from, each with how it stands and how long it lasts: several platforms may carry one number. */
export function BuildTargetPicker({
  builds,
  chosen,
  onChange,
  nothing,
  isSingle = false,
  whyNot,
  error,
}: {
  builds: Targets<BuildResource>;
  chosen: ReadonlySet<string>;
  onChange: (ids: ReadonlySet<string>) => void;
  nothing: string;
  isSingle?: boolean;
  /** Why a build cannot be chosen, in words. */
  whyNot?: (build: BuildResource) => string | undefined;
  error?: string | undefined;
}) {
  return (
    <Picker
      name="Builds"
      label="Search by version or build number"
      search={builds.search}
      onSearch={builds.onSearch}
      chosen={chosen}
      onChange={onChange}
      isPending={builds.isPending}
      isSingle={isSingle}
      nothing={nothing}
      error={error}
      onMore={builds.onMore}
      note={builds.total ? formatPlural(builds.total.count, 'build') : undefined}
      choices={builds.rows.map((build) => buildChoice(build, whyNot?.(build)))}
    />
  );
}

/** A build to be chosen, with its state for external testers or for those of the team; `unable` says why it cannot be. */
export function buildChoice(
  build: BuildResource,
  unable: string | undefined,
  side: 'externalBuildState' | 'internalBuildState' = 'externalBuildState',
): Choice {
  return {
    ...{ id: build.id, label: buildName(build), unable },
    content: (
      <span className="flex items-center gap-x-3 max-sm:flex-wrap">
        <span className="min-w-0 flex-1 break-words font-medium max-sm:flex-none max-sm:basis-full">
          {buildName(build)}
        </span>
        {build.attributes?.expired ? null : (
          <span className="w-36 shrink-0 text-ink-soft max-sm:hidden">
            <State value={build.meta?.[side]} />
          </span>
        )}
        <span className="shrink-0 text-ink-soft sm:w-32">
          <Expiry build={build} isNamed />
        </span>
      </span>
    ),
  };
}
