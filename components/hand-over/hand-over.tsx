'use client';

import { Section } from '@/components/ui/section';
import type { HandedOver } from '@/lib/browser/hand-over';
import { CopyMarkdown } from './copy-markdown';

/** The ways in which a report or an issue leaves Flightdeck. */
export function HandOver({ of, hasCrash }: { of: HandedOver; hasCrash: boolean }) {
  return (
    <Section title="Hand over">
      <div className="flex flex-wrap gap-2">
        <CopyMarkdown of={of} hasCrash={hasCrash} />
      </div>
    </Section>
  );
}
