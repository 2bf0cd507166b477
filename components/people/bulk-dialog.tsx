'use client';

import { type FormEvent, useState } from 'react';
import { announceJob } from '@/components/jobs/watched-jobs';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { Skeleton } from '@/components/ui/skeleton';
import { isTyped, TypedField } from '@/components/ui/typed-field';
import type { BulkKind, BulkPreview } from '@/lib/browser/people';
import { formatPlural } from '@/lib/format/numbers';
import { BULK_WORDS } from './bulk-words';
import { Consequences } from './consequences';
import type { AppTarget } from './selection';
import { BuildPicker, GroupPicker, single } from './target-picker';
import { useBulk } from './use-bulk';

export interface BulkIntent {
  readonly kind: BulkKind;
  readonly targets: readonly AppTarget[];
  readonly groupId?: string;
}

/** Says what an operation will do and take away, asks for what it needs, and starts it as a job. */
export default function BulkDialog({ intent, onClose }: { intent: BulkIntent; onClose: () => void }) {
  const { kind, targets } = intent;
  const words = BULK_WORDS[kind];
  const [groupId, setGroupId] = useState(intent.groupId ?? '');
  const [buildId, setBuildId] = useState('');
  const isReady = words.needs === undefined || (words.needs === 'group' ? groupId : buildId) !== '';
  const bulk = useBulk(kind, targets, { groupId, buildId }, isReady);
  const appId = targets[0]?.appId ?? '';
  // What comes of it is told by a toast, or found under Jobs: no window stays in between.
  const begun = (jobIds: readonly string[]) => {
    onClose();
    for (const id of jobIds) announceJob(id);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={words.title}>
      <div className="grid gap-4">
        {words.needs === 'group' && intent.groupId === undefined ? (
          <GroupPicker appId={appId} {...single(groupId, setGroupId)} withInternal />
        ) : null}
        {words.needs === 'build' ? <BuildPicker appId={appId} {...single(buildId, setBuildId)} /> : null}
        {bulk.isPending ? <Skeleton className="h-16" /> : null}
        {bulk.preview ? <Effects preview={bulk.preview} /> : null}
        <Refusal error={bulk.error} />
        <Confirm
          key={bulk.preview?.count ?? 0}
          preview={bulk.preview}
          kind={kind}
          isBusy={bulk.isStarting}
          onCancel={onClose}
          onConfirm={() => void bulk.begin().then(begun, () => undefined)}
        />
      </div>
    </Dialog>
  );
}

type Shown = Pick<BulkPreview, 'count' | 'sample' | 'takesAway' | 'warnings' | 'confirmWord'>;

/** What is taken away, what will not work, and who it is about. */
function Effects({ preview }: { preview: Shown }) {
  const more = preview.count - preview.sample.length;
  return (
    <div className="grid gap-3 text-sm">
      <Consequences takesAway={preview.takesAway} warnings={preview.warnings} />
      <p className="break-words text-ink-soft">
        {preview.sample.map((name, index) => (
          <span key={name}>
            {index > 0 ? ', ' : ''}
            <bdi>{name}</bdi>
          </span>
        ))}
        {more > 0 ? ` and ${formatPlural(more, 'other')}` : ''}
      </p>
    </div>
  );
}

function Confirm({
  preview,
  kind,
  isBusy,
  onCancel,
  onConfirm,
}: {
  preview: Shown | null;
  kind: BulkKind;
  isBusy: boolean;
  onCancel: () => void;
  onConfirm: () => void;
}) {
  const [typed, setTyped] = useState('');
  const words = BULK_WORDS[kind];
  const count = preview?.count ?? 0;
  const word = preview?.confirmWord ?? null;
  const isConfirmed = isTyped(word, typed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (preview && isConfirmed) onConfirm();
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <TypedField word={word} value={typed} onChange={setTyped} />
      <div className="dialog-actions">
        <Button onClick={onCancel}>Cancel</Button>
        <Button
          type="submit"
          variant={words.isRemoval ? 'danger' : 'primary'}
          busy={isBusy}
          disabled={!preview || !isConfirmed}
        >
          {preview ? words.verb(count) : words.title}
        </Button>
      </div>
    </form>
  );
}
