'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Later } from '@/components/ui/later';
import { onDemand } from '@/components/ui/on-demand';
import { uploadsOptions } from '@/lib/browser/uploads';
import { formatPlural } from '@/lib/format/numbers';

const UploadsDialog = onDemand(() => import('./uploads-dialog'));

/** How many uploads are in progress or failed, and the way to them; nothing where there are none. */
export function UploadsButton({ appId }: { appId?: string }) {
  return (
    <Later>
      <Shown appId={appId} />
    </Later>
  );
}

function Shown({ appId }: { appId: string | undefined }) {
  const { data } = useQuery(uploadsOptions(appId));
  const [isOpen, setOpen] = useState(false);
  const { uploads = [], fetchedAt = null, trouble = null } = data?.data ?? {};
  // A failed try that a later one made good needs nobody.
  const open = uploads.filter(({ laterBuildId }) => laterBuildId === null);
  if (open.length === 0) return null;
  const failed = open.filter(({ state }) => state === 'FAILED').length;
  const going = open.length - failed;
  const words = [
    ...(failed > 0 ? [`${formatPlural(failed, 'upload')} failed`] : []),
    ...(going > 0
      ? [failed > 0 ? `${going} in progress` : `${formatPlural(going, 'upload')} in progress`]
      : []),
  ].join(', ');
  return (
    <>
      <Button variant="ghost" onClick={() => setOpen(true)}>
        {words}
      </Button>
      {isOpen ? (
        <UploadsDialog
          uploads={open}
          hasApp={appId === undefined}
          fetchedAt={fetchedAt}
          trouble={trouble}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}
