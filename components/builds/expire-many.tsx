'use client';

import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';

const ExpireManyDialog = onDemand(() => import('./expire-many-dialog'));

/** The way to expire many builds of an app by rule. */
export function ExpireMany({ appId }: { appId: string }) {
  const mayWrite = useMay('programme:write');
  const [isOpen, setOpen] = useState(false);
  if (!mayWrite) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Expire by rule…</Button>
      {isOpen ? <ExpireManyDialog appId={appId} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
