import type { Targets } from '@/components/people/target-lists';
import { Picker } from '@/components/ui/picker';
import { Time } from '@/components/ui/time';
import type { BuildResource } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';
import { buildName } from './build-words';

/** Builds to choose from, each with when it came: version and number may stand on several platforms. */
export function BuildTargetPicker({
  builds,
  chosen,
  onChange,
  nothing,
  isSingle = false,
  whyNot,
}: {
  builds: Targets<BuildResource>;
  chosen: ReadonlySet<string>;
  onChange: (ids: ReadonlySet<string>) => void;
  nothing: string;
  isSingle?: boolean;
  /** Why a build cannot be chosen, in words. */
  whyNot?: (build: BuildResource) => string | undefined;
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
      onMore={builds.onMore}
      note={builds.total ? formatPlural(builds.total.count, 'build') : undefined}
      choices={builds.rows.map((build) => ({
        id: build.id,
        label: buildName(build),
        unable: whyNot?.(build),
        content: (
          <span className="flex items-center gap-3">
            <span className="min-w-0 flex-1 truncate font-medium">{buildName(build)}</span>
            <span className="shrink-0 text-ink-soft">
              <Time at={build.attributes?.uploadedDate} />
            </span>
          </span>
        ),
      }))}
    />
  );
}
