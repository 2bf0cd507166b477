'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useBuildTargets } from '@/components/people/target-lists';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { notesOfMutation } from '@/lib/browser/texts';
import type { BuildResource } from '@/lib/browser/types';
import { BuildTargetPicker } from './build-target-picker';
import { buildName } from './build-words';

/** Takes the texts of another build into the form; nothing is sent before they are saved. */
export default function CopyNotesDialog({
  build,
  appId,
  onClose,
  onCopied,
}: {
  build: BuildResource;
  appId: string;
  onClose: () => void;
  onCopied: (texts: Readonly<Record<string, string>>) => void;
}) {
  const builds = useBuildTargets(appId, { isExpiredToo: true });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const read = useMutation(notesOfMutation());
  const [id] = chosen;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (id !== undefined) read.mutate(id, { onSuccess: (texts) => isFound(texts) && onCopied(texts) });
  };
  const isEmpty = read.data !== undefined && !isFound(read.data);
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Copy from another build"
      description={`Its texts take the place of those in the form for ${buildName(build)}, language by language. Nothing is sent before you save.`}
    >
      <form onSubmit={submit} className="grid gap-4">
        <BuildTargetPicker
          builds={builds}
          chosen={chosen}
          onChange={setChosen}
          isSingle
          nothing="No other build of the app matches."
          whyNot={({ id: one }) => (one === build.id ? 'This build' : undefined)}
        />
        {isEmpty ? (
          <p role="alert" className="text-attention text-sm">
            No text has been written for that build. Choose another one.
          </p>
        ) : null}
        <Refusal error={read.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={read.isPending} disabled={id === undefined}>
            Copy into the form
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function isFound(texts: Readonly<Record<string, string>>): boolean {
  return Object.keys(texts).length > 0;
}
