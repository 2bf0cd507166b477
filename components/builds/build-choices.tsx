import type { Choice } from '@/components/ui/picker';
import { Time } from '@/components/ui/time';
import type { BuildResource } from '@/lib/browser/types';
import { buildName } from './build-words';

/** Builds to choose from, each with when it came: version and number may stand on several platforms. */
export function buildChoices(
  builds: readonly BuildResource[],
  whyNot: (build: BuildResource) => string | undefined = () => undefined,
): Choice[] {
  return builds.map((build) => ({
    id: build.id,
    label: buildName(build),
    unable: whyNot(build),
    content: (
      <span className="flex items-center gap-3">
        <span className="min-w-0 flex-1 truncate font-medium">{buildName(build)}</span>
        <span className="shrink-0 text-ink-soft">
          <Time at={build.attributes?.uploadedDate} />
        </span>
      </span>
    ),
  }));
}
