'use client';

import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { onDemand } from '@/components/ui/on-demand';
import type { Job } from '@/lib/browser/jobs';

const ChangeGroupDialog = onDemand(() => import('./change-group-dialog'));

/** The next step for a job that is held, beside going on and cancelling. */
export function HoldHelp({ job }: { job: Job }) {
  const mayRun = useMay('jobs:run');
  const [isChoosing, setChoosing] = useState(false);
  const { hold, appId } = job;
  if (!hold || !mayRun) return null;
  if (hold.kind === 'gone' && hold.target?.type === 'betaGroups' && appId !== null) {
    return (
      <p>
        <Button variant="primary" onClick={() => setChoosing(true)}>
          Choose another group
        </Button>
        {isChoosing ? (
          <ChangeGroupDialog
            jobId={job.id}
            appId={appId}
            goneId={hold.target.id}
            onClose={() => setChoosing(false)}
          />
        ) : null}
      </p>
    );
  }
  const step = stepFor(hold.kind, job.home);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
      <span className="text-ink-soft">{step.words}</span>
      {step.href ? <ButtonLink href={step.href}>{step.label}</ButtonLink> : null}
    </div>
  );
}

type Kind = NonNullable<Job['hold']>['kind'];

function stepFor(kind: Kind, home: string | null): { words: string; href?: string; label?: string } {
  const app = home ?? undefined;
  switch (kind) {
    case 'limit':
      return {
        words: 'Make room, then continue: nobody of these was counted as refused.',
        ...(app ? { href: app, label: 'See the limit' } : {}),
      };
    case 'key':
    case 'role':
      return { words: 'Mend the key, then continue.', href: '/settings', label: 'Open Settings' };
    case 'agreement':
      return {
        words: 'The Account Holder accepts it in App Store Connect under Business; then continue.',
      };
    case 'clock':
      return { words: 'Set the clock of this server, then continue.' };
    case 'gone':
      return { words: 'Continue once it is there again, or cancel the job.' };
    case 'repeated':
      return { words: 'Continue to try these again and to go on with the rest whatever is answered.' };
    default:
      return { words: 'Continue once it is mended.' };
  }
}
