'use client';

import { useQuery } from '@tanstack/react-query';
import ComplianceDialog from '@/components/builds/compliance-dialog';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import type { Light } from '@/lib/browser/lights';
import { oneOptions } from '@/lib/browser/lists';
import type { BuildResource } from '@/lib/browser/types';

/** Answers export compliance of the build that a light is about. */
export default function LightCompliance({ light, onClose }: { light: Light; onClose: () => void }) {
  const query = new URLSearchParams({ account: light.accountId }).toString();
  const { data, error } = useQuery(oneOptions<BuildResource>('builds', light.id, query));
  if (data) return <ComplianceDialog builds={[data.data]} appId={light.appId} onClose={onClose} />;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Export compliance">
      {error ? <Refusal error={error} /> : <p className="text-ink-soft text-sm">Looking for the build …</p>}
    </Dialog>
  );
}
