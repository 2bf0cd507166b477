'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Gap } from '@/components/links/criteria-draft';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/late-error';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { coverageOptions } from '@/lib/browser/adoption';
import { criterionOptions } from '@/lib/browser/links';
import { formatPlural } from '@/lib/format/numbers';
import { familyOnSystem } from '@/lib/format/recruitment';
import { CoverageTable } from './coverage-table';
import { gapsOf, type Matrix, matricesOf } from './matrix';

const RecruitDialog = onDemand(() => import('./recruit-dialog'));

/** On which devices and systems the app is tested, and where nobody is. */
export default function CoverageSection({ appId }: { appId: string }) {
  const { data, error, refetch } = useQuery(coverageOptions(appId));
  const options = useQuery({ ...criterionOptions(undefined), retry: false });
  const mayRecruit = useMay('programme:write');
  const [gap, setGap] = useState<Gap | null>(null);
  if (error && !data)
    return <ErrorState title="Devices could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data || options.isPending) return <Skeleton className="h-48 w-full" />;
  const { untold } = data.data;
  const matrices = matricesOf(data.data, options.data);
  const recruit = mayRecruit ? setGap : undefined;
  return (
    <Section title="Devices and systems">
      <p className="max-w-prose text-pretty text-ink-soft text-sm">
        How many testers have which device on which system. Somebody with several devices counts with each.
        {untold > 0
          ? ` Of ${formatPlural(untold, 'device')} App Store Connect tells too little to count them.`
          : ''}
        {options.data
          ? ''
          : ' What Apple offers recruitment criteria could not be read, so only systems that somebody has are shown.'}
      </p>
      {matrices.length === 0 ? (
        <p className="text-sm">No build of the app can be tested, and nobody has installed one.</p>
      ) : null}
      {matrices.map((matrix) => (
        <div key={matrix.name} className="grid gap-3">
          <Gaps matrix={matrix} onRecruit={recruit} />
          <CoverageTable matrix={matrix} appId={appId} onRecruit={recruit} />
        </div>
      ))}
      {gap ? <RecruitDialog appId={appId} gap={gap} onClose={() => setGap(null)} /> : null}
    </Section>
  );
}

const FIRST = 4;

/** The gaps of the newest systems in words; the others stand in the table. */
function Gaps({ matrix, onRecruit }: { matrix: Matrix; onRecruit: ((gap: Gap) => void) | undefined }) {
  const gaps = gapsOf(matrix);
  if (gaps.length === 0) return null;
  return (
    <ul aria-label={`Gaps of ${matrix.name}`} className="grid gap-1 text-sm">
      {gaps.slice(0, FIRST).map(({ family, cell: { os, offered } }) => (
        <li key={`${family} ${os}`} className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span>Nobody on {familyOnSystem(family, os)}</span>
          {onRecruit && offered ? (
            <Button
              size="sm"
              aria-label={`Recruit on ${familyOnSystem(family, os)}`}
              onClick={() => onRecruit({ deviceFamily: family, osVersion: offered })}
            >
              Recruit
            </Button>
          ) : null}
        </li>
      ))}
      {gaps.length > FIRST ? (
        <li className="text-ink-soft">and {formatPlural(gaps.length - FIRST, 'more gap')} in the table.</li>
      ) : null}
    </ul>
  );
}
