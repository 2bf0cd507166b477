'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import type { BuildResource } from '@/lib/browser/types';
import { label } from '@/lib/format/labels';

const Diagnostics = onDemand(() => import('./diagnostics'));

/** Diagnostics and power of a build, which App Store Connect is asked for only when somebody wants to see them. */
export function DiagnosticsSection({ build }: { build: BuildResource }) {
  const [isOpen, setOpen] = useState(false);
  const platform = build.meta?.platform;
  return (
    <Section
      title="Diagnostics and power"
      action={
        platform === 'IOS' ? (
          <Button size="sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Hide' : 'Show'}
          </Button>
        ) : null
      }
    >
      {isOpen ? null : (
        <p className="max-w-prose text-pretty text-ink-soft text-sm">
          {platform === 'IOS'
            ? 'What hangs, writes too much or launches slowly, and figures of launch, hangs, memory and disk by device, as App Store Connect tells them.'
            : `App Store Connect gathers these of iOS builds only${platform ? `, not of ${label(platform)}` : ''}.`}
        </p>
      )}
      {isOpen ? (
        <Diagnostics
          of={{ id: build.id, accountId: build.meta?.accountId }}
          version={build.meta?.trainVersion ?? null}
        />
      ) : null}
    </Section>
  );
}
