'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button, IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorWords, Refusal } from '@/components/ui/error-state';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { Skeleton } from '@/components/ui/skeleton';
import { toast } from '@/components/ui/toast';
import {
  type NoteTemplateView,
  removeTemplateMutation,
  templatesOptions,
} from '@/lib/browser/note-templates';
import { languageName } from '@/lib/format/languages';
import { NoteTemplateForm } from './note-template-form';

const RemoveDialog = onDemand(() => import('@/components/ui/remove-dialog'));

/** The templates of What to Test of an app: to take one, and to make, change and delete them. */
export default function NoteTemplatesDialog({
  appId,
  written,
  takeVerb,
  whyNot,
  onTake,
  onClose,
}: {
  appId: string;
  /** What stands in the form, by language: a new template begins with it. */
  written: Readonly<Record<string, string>>;
  /** What the button of each template says. */
  takeVerb: string;
  /** What is wrong with a template here, in words. */
  whyNot: (template: NoteTemplateView) => string | null;
  onTake: (template: NoteTemplateView) => void;
  onClose: () => void;
}) {
  const { data, error } = useQuery(templatesOptions(appId));
  const mayWrite = useMay('programme:write');
  const [editing, setEditing] = useState<NoteTemplateView | 'new' | null>(null);
  const [removing, setRemoving] = useState<NoteTemplateView | null>(null);
  const remove = useMutation(removeTemplateMutation());
  const templates = data?.data ?? [];
  if (editing)
    return (
      <NoteTemplateForm
        appId={appId}
        template={editing === 'new' ? null : editing}
        written={written}
        onClose={() => setEditing(null)}
      />
    );
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Templates of What to Test"
      description="Texts to begin with, for every build of this app and everybody who writes for it. What stands in braces is filled in."
    >
      <div className="grid gap-4">
        {error && !data ? <ErrorWords error={error} /> : null}
        {!data && !error ? <Skeleton className="h-16" /> : null}
        {data && templates.length === 0 ? (
          <p className="text-ink-soft text-sm">
            No template yet. Write a text, then keep it here: the next build begins with it.
          </p>
        ) : null}
        <ul aria-label="Templates" className="grid divide-y border-y empty:hidden">
          {templates.map((template) => {
            const problem = whyNot(template);
            return (
              <li key={template.id} className="flex items-start gap-2 py-3 text-sm">
                <div className="grid min-w-0 flex-1 gap-1">
                  <Name className="break-words font-medium">{template.name}</Name>
                  <span className="text-ink-soft">
                    {Object.keys(template.texts).map(languageName).join(', ')}
                  </span>
                  {problem ? <span className="text-attention">{problem}</span> : null}
                </div>
                <Button
                  size="sm"
                  aria-label={`${takeVerb} ${template.name}`}
                  onClick={() => onTake(template)}
                >
                  {takeVerb}
                </Button>
                {mayWrite ? (
                  <>
                    <IconButton label={`Edit ${template.name}`} onClick={() => setEditing(template)}>
                      <Pencil size={14} aria-hidden />
                    </IconButton>
                    <IconButton label={`Delete ${template.name}`} onClick={() => setRemoving(template)}>
                      <Trash2 size={14} aria-hidden />
                    </IconButton>
                  </>
                ) : null}
              </li>
            );
          })}
        </ul>
        <Refusal error={remove.error} />
        <div className="dialog-actions">
          {mayWrite ? (
            <Button onClick={() => setEditing('new')}>
              {Object.keys(written).length > 0 ? 'Keep the form as a template…' : 'New template…'}
            </Button>
          ) : null}
          <Button onClick={onClose}>Close</Button>
        </div>
      </div>
      {removing ? (
        <RemoveDialog
          title="Delete this template?"
          description={
            <>
              <Name className="text-ink">{removing.name}</Name> goes for everybody. Texts that were written
              with it stay as they are.
            </>
          }
          verb="Delete template"
          busy={remove.isPending}
          onClose={() => setRemoving(null)}
          onRemove={() =>
            remove.mutate(removing.id, {
              onSuccess: () => void toast({ title: 'Template deleted' }),
              onSettled: () => setRemoving(null),
            })
          }
        />
      ) : null}
    </Dialog>
  );
}
