import { ShieldCheck, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useMay } from '@/components/shell/known';
import type { BulkAction, Selection } from '@/components/ui/data-table/types';
import { onDemand } from '@/components/ui/on-demand';
import { toast } from '@/components/ui/toast';
import { everyRow } from '@/lib/browser/lookups';
import type { BuildResource } from '@/lib/browser/types';

const ComplianceDialog = onDemand(() => import('./compliance-dialog'));
const ExpireManyDialog = onDemand(() => import('./expire-many-dialog'));

interface Asked {
  readonly what: 'compliance' | 'expire';
  readonly builds: readonly BuildResource[];
}

/** What can be done with the builds that are selected, and the dialog that asks. */
export function useBuildActions() {
  const mayWrite = useMay('programme:write');
  const [asked, setAsked] = useState<Asked | null>(null);
  const actions: readonly BulkAction<BuildResource>[] = useMemo(
    () =>
      mayWrite
        ? [
            {
              id: 'compliance',
              label: () => 'Answer export compliance',
              icon: <ShieldCheck size={14} aria-hidden />,
              run: async (selection) => {
                const open = (await selected(selection)).filter(
                  ({ attributes }) =>
                    attributes?.expired !== true && attributes?.usesNonExemptEncryption == null,
                );
                if (open.length > 0) return setAsked({ what: 'compliance', builds: open });
                await toast({
                  title: 'Nothing to answer',
                  detail: 'Each of these builds has its answer already, or has expired.',
                });
              },
            },
            {
              id: 'expire',
              label: () => 'Expire',
              icon: <Trash2 size={14} aria-hidden />,
              danger: true,
              isRare: true,
              run: async (selection) => {
                const open = (await selected(selection)).filter(
                  ({ attributes }) => attributes?.expired !== true,
                );
                if (open.length > 0 && sharedApp(open)) return setAsked({ what: 'expire', builds: open });
                await toast(
                  open.length > 0
                    ? {
                        title: 'These are of several apps',
                        detail: 'Choose builds of one app to expire them.',
                      }
                    : { title: 'Nothing to expire', detail: 'Each of these builds has expired already.' },
                );
              },
            },
          ]
        : [],
    [mayWrite],
  );
  return { actions, dialog: asked ? <Dialog asked={asked} onClose={() => setAsked(null)} /> : null };
}

function Dialog({ asked: { what, builds }, onClose }: { asked: Asked; onClose: () => void }) {
  const appId = sharedApp(builds);
  if (what === 'compliance') return <ComplianceDialog builds={builds} appId={appId} onClose={onClose} />;
  const chosen = builds.map(({ id }) => id);
  const accountId = builds[0]?.meta?.accountId;
  return <ExpireManyDialog appId={appId ?? ''} accountId={accountId} chosen={chosen} onClose={onClose} />;
}

async function selected({
  isEverything,
  rows,
  ids,
  query,
}: Selection<BuildResource>): Promise<readonly BuildResource[]> {
  const isWhole = !isEverything && rows.length === ids.length;
  const all = isWhole ? rows : await everyRow<BuildResource>('builds', query);
  return isWhole || isEverything ? all : all.filter(({ id }) => ids.includes(id));
}

/** The one app of all of them, in one account; null where they are of several. */
function sharedApp([first, ...others]: readonly BuildResource[]): string | null {
  const place = ({ meta }: BuildResource) => `${meta?.accountId} ${meta?.appId}`;
  if (!first?.meta?.appId || others.some((other) => place(other) !== place(first))) return null;
  return first.meta.appId;
}
