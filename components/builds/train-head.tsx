import { State } from '@/components/programme/state';
import { AppIcon } from '@/components/shell/app-icon';
import type { RowGroup } from '@/lib/browser/types';
import { CRASH_FREE_REACH, crashFree, crashFreeWords } from '@/lib/format/crash-free';
import { label } from '@/lib/format/labels';
import { formatCount, formatPlural } from '@/lib/format/numbers';

interface Props {
  train: RowGroup;
  /** In a list of one app nobody asks which. */
  hasApp: boolean;
}

/** What the builds of a version on a platform come to: how many, how the newest stands, and how often they crash. */
export function TrainHead({ train, hasApp }: Props) {
  const { newest, platform, trainVersion } = train;
  const { externalBuildState, processingState } = newest;
  const share = crashFree(train);
  const version = trainVersion ?? 'Version not known';
  const state = newest.isExpired
    ? 'EXPIRED'
    : (externalBuildState ?? (processingState === 'VALID' ? null : processingState));
  return (
    <span className="flex min-w-0 flex-1 items-center gap-x-4 gap-y-0.5 text-ink-soft text-sm max-sm:flex-wrap">
      {hasApp ? (
        <span className="max-w-48 min-w-0 text-ink">
          <AppIcon appId={train.appId} accountId={train.accountId} />
        </span>
      ) : null}
      <bdi className="shrink-0 font-semibold text-ink">
        {platform ? `${label(platform)} ${version}` : version}
      </bdi>
      <span className="shrink-0 tabular-nums">{formatPlural(train.count, 'build')}</span>
      <span className="inline-flex min-w-0 items-center gap-1.5 whitespace-nowrap">
        Newest {newest.version ?? ''} <State value={state} />
      </span>
      <span
        data-tip={`${crashFreeWords(train)}, of the ${formatPlural(train.count, 'build')} together. ${CRASH_FREE_REACH}`}
        className="ml-auto whitespace-nowrap tabular-nums max-lg:hidden"
      >
        {share === null
          ? 'Crash-free: not known yet'
          : `Crash-free 1 − ${formatCount(train.crashCount)} ÷ ${formatCount(train.sessionCount)} = ${share}`}
      </span>
    </span>
  );
}
