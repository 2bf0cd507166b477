'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useAppBase } from '@/components/shell/use-app-base';
import { TypedConfirm } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { Skeleton } from '@/components/ui/skeleton';
import { toast } from '@/components/ui/toast';
import { type DeletionPreview, deletionOptions } from '@/lib/browser/groups';
import type { GroupResource } from '@/lib/browser/types';
import { deleteMutation } from '@/lib/browser/writes';
import { isolated } from '@/lib/format/isolated';
import { formatCount } from '@/lib/format/numbers';
import { wordToType } from '@/lib/format/typed';

/** How many builds are named before the rest is only counted. */
const NAMED = 6;

/** Deletes a group after saying how many testers lose which builds; there is no way back. */
export default function DeleteGroupDialog({
  group,
  appId,
  onClose,
}: {
  group: GroupResource;
  appId: string;
  onClose: () => void;
}) {
  const router = useRouter();
  const base = useAppBase(appId);
  const preview = useQuery(deletionOptions(group.id));
  const remove = useMutation(deleteMutation('betaGroups'));
  const name = group.attributes?.name ?? group.id;
  const run = () =>
    remove.mutate(
      { id: group.id, typed: wordToType(name), accountId: group.meta?.accountId },
      {
        onSuccess: () => {
          void toast({ title: `Group “${isolated(name)}” deleted` });
          router.replace(`${base}/groups`);
        },
      },
    );
  return (
    <TypedConfirm
      open
      onOpenChange={(open) => !open && onClose()}
      title="Delete this group?"
      word={name}
      verb="Delete group"
      busy={remove.isPending}
      error={<Refusal error={remove.error} />}
      onConfirm={run}
    >
      {preview.data ? (
        <Losses preview={preview.data.data} />
      ) : preview.error ? (
        <p>
          What would be lost could not be counted: <bdi>{preview.error.message}</bdi>
        </p>
      ) : (
        <div role="status" className="grid gap-2">
          <span className="sr-only">Counting what would be lost</span>
          <Skeleton className="h-3 w-64" />
          <Skeleton className="h-3 w-40" />
        </div>
      )}
    </TypedConfirm>
  );
}

function Losses({ preview }: { preview: DeletionPreview }) {
  const { builds, sentences } = preview;
  return (
    <div className="grid gap-2">
      {sentences.map((sentence) => (
        <p key={sentence}>
          <bdi>{sentence}</bdi>
        </p>
      ))}
      {builds.length > 0 ? (
        <p>
          Builds they lose:{' '}
          {builds
            .slice(0, NAMED)
            .map(({ label }) => label)
            .join(', ')}
          {builds.length > NAMED ? ` and ${formatCount(builds.length - NAMED)} more` : ''}.
        </p>
      ) : null}
      <p>This cannot be undone. The group’s sessions and feedback stay in the history.</p>
    </div>
  );
}
