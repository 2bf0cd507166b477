'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { useHasKey } from '@/components/shell/use-has-key';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import { useDo } from '@/components/ui/use-do';
import { whenReachable } from '@/lib/browser/reach';

const load = whenReachable(() => import('./create-group-dialog'));
const CreateGroupDialog = onDemand(load);

/** The way to a new group, of this app or of one to be chosen. */
export function NewGroup({ appId }: { appId?: string }) {
  const [isOpen, setOpen] = useState(false);
  // Without a key the list below says so, and leads to one.
  const hasKey = useHasKey();
  const mayMake = useMay('programme:write') && hasKey;
  useDo('new-group', () => setOpen(mayMake));
  if (!mayMake) return null;
  return (
    <>
      <Button
        variant="primary"
        icon={<Plus size={15} aria-hidden />}
        onPointerEnter={load}
        onFocus={load}
        onClick={() => setOpen(true)}
      >
        New group
      </Button>
      {isOpen ? <CreateGroupDialog appId={appId} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
