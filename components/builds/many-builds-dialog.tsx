'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { announceJob } from '@/components/jobs/watched-jobs';
import { useBuildTargets } from '@/components/people/target-lists';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { saveNotesMutation } from '@/lib/browser/texts';
import type { BuildResource } from '@/lib/browser/types';
import { languageName } from '@/lib/format/languages';
import { formatPlural } from '@/lib/format/numbers';
import { BuildTargetPicker } from './build-target-picker';

/** Writes the texts of the form for several builds at once, as a job with an outcome for each. */
export default function ManyBuildsDialog({
  build,
  appId,
  texts,
  onClose,
  onBegun,
}: {
  build: BuildResource;
  appId: string;
  /** By language, those without a text left out. */
  texts: Readonly<Record<string, string>>;
  onClose: () => void;
  /** The job has begun; whether this build is among them. */
  onBegun: (isThisToo: boolean) => void;
}) {
  const builds = useBuildTargets(appId);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    new Set(build.attributes?.expired ? [] : [build.id]),
  );
  const save = useMutation(saveNotesMutation());
  const locales = Object.keys(texts);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { appId, builds: [...chosen], texts },
      {
        onSuccess({ data }) {
          announceJob(data.id);
          onBegun(chosen.has(build.id));
        },
      },
    );
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Write for several builds"
      description={`What stands in the form in ${locales.map(languageName).join(', ')} takes the place of what the chosen builds have in these languages. Other languages stay. It runs as a job; Activity shows each text, with a way back.`}
    >
      <form onSubmit={submit} className="grid gap-4">
        <BuildTargetPicker
          builds={builds}
          chosen={chosen}
          onChange={setChosen}
          nothing="No build of the app that can still be tested matches."
        />
        <Refusal error={save.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={chosen.size === 0}>
            Write for {formatPlural(chosen.size, 'build')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
