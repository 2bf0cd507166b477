import { AddButton, LinkedRow } from '@/components/programme/linked-rows';
import { useLinkage } from '@/components/programme/use-linkage';
import { useMay } from '@/components/shell/known';
import { useAppBase } from '@/components/shell/use-app-base';
import { Name } from '@/components/ui/name';
import { Section } from '@/components/ui/section';
import { Badge } from '@/components/ui/status';
import { toastError } from '@/components/ui/toast';
import type { BuildResource, GroupName } from '@/lib/browser/types';
import { isolated } from '@/lib/format/isolated';
import type { BuildDialog } from './about-build';

/** The groups that get a build, to add to and to take it out of. */
export function BuildGroups({
  build,
  appId,
  onOpen,
}: {
  build: BuildResource;
  appId: string;
  onOpen: (dialog: BuildDialog) => void;
}) {
  const base = useAppBase(appId);
  const mayWrite = useMay('programme:write');
  const linkage = useLinkage({ type: 'builds', id: build.id, name: 'betaGroups', target: 'betaGroups' });
  const groups = build.meta?.groups ?? [];
  const isOver = build.attributes?.expired === true;
  const take = ({ id, name }: GroupName) =>
    void linkage
      .change('remove', [id], `Taken out of ${isolated(name ?? 'the group')}`)
      .catch((error: unknown) => toastError(`The build is still in ${isolated(name ?? 'the group')}`, error));
  return (
    <Section
      title="Groups"
      action={
        mayWrite && !isOver ? <AddButton onAdd={() => onOpen('groups')}>Add to groups</AddButton> : null
      }
    >
      {groups.length === 0 ? <p className="text-ink-soft text-sm">In no group.</p> : null}
      <ul className="grid divide-y">
        {groups.map((group) => (
          <LinkedRow
            key={group.id}
            href={`${base}/groups/${encodeURIComponent(group.id)}`}
            badge={group.isInternalGroup ? <Badge>Internal</Badge> : null}
            takeLabel={`Take the build out of ${group.name ?? 'the group'}`}
            isBusy={linkage.isPending}
            onTake={mayWrite ? () => take(group) : undefined}
          >
            <Name>{group.name}</Name>
          </LinkedRow>
        ))}
      </ul>
    </Section>
  );
}
