'use client';

import { useQuery } from '@tanstack/react-query';
import { useMay } from '@/components/shell/known';
import type { HandedOver } from '@/lib/browser/hand-over';
import { sharesOptions } from '@/lib/browser/shares';
import { ShareRow } from './share-rows';

/** The share links of one report or issue that still open something. */
export function ShareLinks({ of }: { of: HandedOver }) {
  const mayShare = useMay('export:run');
  const { data } = useQuery({ ...sharesOptions(of), enabled: mayShare });
  const shares = (data?.data ?? []).filter(({ state }) => state === 'valid');
  if (shares.length === 0) return null;
  return (
    <ul aria-label="Share links" className="grid divide-y">
      {shares.map((share) => (
        <ShareRow key={share.id} share={share} />
      ))}
    </ul>
  );
}
