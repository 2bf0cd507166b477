'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { onDemand } from '@/components/ui/on-demand';
import { toast, toastError } from '@/components/ui/toast';
import type { Light } from '@/lib/browser/lights';
import { runSyncMutation } from '@/lib/browser/mutations';
import { lightStep } from '@/lib/format/light-words';

const Compliance = onDemand(() => import('./light-compliance'));

/** The next step of a light: done in place where that is possible and allowed, else where it is done. */
export function LightStep({ light, home }: { light: Light; home: string }) {
  const mayWrite = useMay('programme:write');
  const maySync = useMay('sync:run');
  if (light.kind === 'export_compliance_missing' && mayWrite) return <Answer light={light} />;
  if ((light.kind === 'sync_failed' || light.kind === 'sync_old') && maySync) return <Sync light={light} />;
  const { label, href } = lightStep(light, home);
  return (
    <ButtonLink size="sm" href={href} prefetch={false} data-open="">
      {label}
    </ButtonLink>
  );
}

function Answer({ light }: { light: Light }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" data-open="" onClick={() => setOpen(true)}>
        Answer compliance…
      </Button>
      {isOpen ? <Compliance light={light} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Sync({ light: { accountId } }: { light: Light }) {
  const { mutate, isPending } = useMutation(runSyncMutation());
  const sync = () =>
    mutate(
      { accountId, mode: 'incremental' },
      {
        onSuccess: () => void toast({ title: 'Reading what is new' }),
        onError: (error) => void toastError('The sync was not started', error),
      },
    );
  return (
    <Button size="sm" data-open="" busy={isPending} onClick={sync}>
      Sync now
    </Button>
  );
}
