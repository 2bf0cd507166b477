import { useQuery } from '@tanstack/react-query';
import { Bookmark } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import { templatesOptions } from '@/lib/browser/note-templates';
import { type ShipTemplateView, shipTemplatesOptions } from '@/lib/browser/ship-templates';
import type { BuildResource } from '@/lib/browser/types';
import { isolated } from '@/lib/format/isolated';
import { filledTemplate } from './filled-template';
import { chosenBy, type ShipChoices } from './ship-choices';
import { useNoteValues } from './use-note-values';

const TemplatesDialog = onDemand(() => import('./ship-templates-dialog'));

/** Takes over what is kept for the next build: by a template, or by the last ship of the app, which is one too. */
export function ShipTemplatesBar({
  build,
  appId,
  chosen,
  onTake,
}: {
  build: BuildResource;
  appId: string;
  chosen: ShipChoices;
  onTake: (choices: Partial<ShipChoices>) => void;
}) {
  const place = { appId, accountId: build.meta?.accountId };
  const kept = useQuery(shipTemplatesOptions(place, build.id)).data?.data;
  const noteTemplates = useQuery(templatesOptions(appId)).data?.data;
  const values = useNoteValues(build);
  const [isOpen, setOpen] = useState(false);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const take = (template: ShipTemplateView) => {
    const { choices, groups } = template;
    const source = noteTemplates?.find(({ id }) => id === choices.noteTemplate) ?? null;
    const texts = source?.texts ?? choices.notes ?? null;
    const filled = texts ? filledTemplate({ texts }, values) : null;
    const gone = groups.filter(({ isGone }) => isGone).map(({ name }) => `“${isolated(name)}”`);
    setProblems([
      ...(gone.length > 0
        ? [`${gone.join(', ')} ${gone.length === 1 ? 'is' : 'are'} not there any more: choose another group.`]
        : []),
      ...(choices.noteTemplate && !source
        ? ['Its template of What to Test is not there any more: write the text.']
        : []),
      ...(filled?.problem ? [`What to Test: ${filled.problem}`] : []),
    ]);
    onTake(chosenBy(template, filled?.texts ?? null));
    setOpen(false);
  };
  const last = kept?.last;
  const count = kept?.templates.length ?? 0;
  return (
    <div className="grid gap-2 text-sm">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {last ? (
          <p className="min-w-0 flex-1 basis-56 text-ink-soft wrap-anywhere">
            Last time: <bdi className="text-ink">{last.name}</bdi>
          </p>
        ) : null}
        <span className="flex flex-wrap gap-2">
          {last ? (
            <Button size="sm" onClick={() => take(last)}>
              Choose the same
            </Button>
          ) : null}
          <Button size="sm" icon={<Bookmark size={14} aria-hidden />} onClick={() => setOpen(true)}>
            {count > 0 ? `Templates (${count})…` : 'Keep as a template…'}
          </Button>
        </span>
      </div>
      {problems.length > 0 ? (
        <ul role="alert" className="grid gap-1 text-attention">
          {problems.map((words) => (
            <li key={words} className="wrap-anywhere">
              {words}
            </li>
          ))}
        </ul>
      ) : null}
      {isOpen ? (
        <TemplatesDialog
          place={place}
          templates={kept?.templates ?? []}
          noteTemplates={noteTemplates ?? []}
          chosen={chosen}
          onTake={take}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </div>
  );
}
