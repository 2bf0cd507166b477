'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { announceJob } from '@/components/jobs/watched-jobs';
import { useBuildTargets } from '@/components/people/target-lists';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { Name } from '@/components/ui/name';
import type { NoteTemplateView } from '@/lib/browser/note-templates';
import { saveNotesMutation } from '@/lib/browser/texts';
import type { BuildResource } from '@/lib/browser/types';
import { languageName } from '@/lib/format/languages';
import { formatPlural } from '@/lib/format/numbers';
import { BuildTargetPicker } from './build-target-picker';
import { templateProblem } from './filled-template';
import NoteTemplatesDialog from './note-templates-dialog';

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
  const [template, setTemplate] = useState<NoteTemplateView | null>(null);
  const [isChoosing, setChoosing] = useState(false);
  const wanted = template?.texts ?? texts;
  const locales = Object.keys(wanted);
  const problem = template ? templateProblem(template) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { appId, builds: [...chosen], texts: wanted, ...(template ? { variables: true } : {}) },
      {
        onSuccess({ data }) {
          announceJob(data.id);
          // What a template wrote is not what was typed: that stays in the form.
          onBegun(template === null && chosen.has(build.id));
        },
      },
    );
  };
  if (isChoosing)
    return (
      <NoteTemplatesDialog
        appId={appId}
        written={texts}
        takeVerb="Use"
        whyNot={templateProblem}
        onTake={(one) => {
          setTemplate(one);
          setChoosing(false);
        }}
        onClose={() => setChoosing(false)}
      />
    );
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Write for several builds"
      description={`${template ? 'The template' : 'What stands in the form'}${locales.length > 0 ? ` in ${locales.map(languageName).join(', ')}` : ''} takes the place of what the chosen builds have in these languages. Other languages stay. It runs as a job; Activity shows each text, with a way back.`}
    >
      <form onSubmit={submit} className="grid gap-4">
        <p className="flex flex-wrap items-center gap-2 text-sm">
          <span className="min-w-0 flex-1">
            {template ? (
              <>
                Template <Name className="font-medium">{template.name}</Name>, filled in for each build
              </>
            ) : locales.length > 0 ? (
              'What stands in the form'
            ) : (
              'The form is empty: choose a template.'
            )}
          </span>
          {template && Object.keys(texts).length > 0 ? (
            <Button size="sm" onClick={() => setTemplate(null)}>
              Take the form
            </Button>
          ) : null}
          <Button size="sm" onClick={() => setChoosing(true)}>
            Templates…
          </Button>
        </p>
        {problem ? (
          <p role="status" className="text-attention text-sm">
            {problem}
          </p>
        ) : null}
        <BuildTargetPicker
          builds={builds}
          chosen={chosen}
          onChange={setChosen}
          nothing="No build of the app that can still be tested matches."
        />
        <Refusal error={save.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={save.isPending}
            disabled={chosen.size === 0 || locales.length === 0 || problem !== null}
          >
            Write for {formatPlural(chosen.size, 'build')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
