'use client';

import { useMutation } from '@tanstack/react-query';
import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button, IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { Name } from '@/components/ui/name';
import { toast } from '@/components/ui/toast';
import type { NoteTemplateView } from '@/lib/browser/note-templates';
import {
  removeShipTemplateMutation,
  type ShipTemplateView,
  undoShipTemplateMutation,
} from '@/lib/browser/ship-templates';
import type { ShipChoices } from './ship-choices';
import { ShipTemplateForm } from './ship-template-form';
import { templateWords } from './template-words';

/** The templates of ships of an app: to use one, to keep what is chosen as one, and to rename and delete them. */
export default function ShipTemplatesDialog({
  place,
  templates,
  noteTemplates,
  chosen,
  onTake,
  onClose,
}: {
  place: { readonly appId: string; readonly accountId: string | undefined };
  templates: readonly ShipTemplateView[];
  noteTemplates: readonly NoteTemplateView[];
  chosen: ShipChoices;
  onTake: (template: ShipTemplateView) => void;
  onClose: () => void;
}) {
  const mayWrite = useMay('programme:write');
  const [editing, setEditing] = useState<ShipTemplateView | 'new' | null>(
    templates.length === 0 && mayWrite ? 'new' : null,
  );
  const remove = useMutation(removeShipTemplateMutation());
  const undo = useMutation(undoShipTemplateMutation());
  if (editing)
    return (
      <ShipTemplateForm
        place={place}
        template={editing === 'new' ? null : editing}
        noteTemplates={noteTemplates}
        chosen={chosen}
        onClose={() => (templates.length === 0 ? onClose() : setEditing(null))}
        onSaved={() => setEditing(null)}
      />
    );
  const takeAway = (id: string) =>
    remove.mutate(id, {
      onSuccess: ({ data }) =>
        void toast({ title: 'Template deleted', undo: () => undo.mutateAsync(data.auditId) }),
    });
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Templates of ships"
      description="What to begin with, for every build of this app and everybody who ships it. Nothing is sent by taking one."
    >
      <div className="grid gap-4">
        {templates.length === 0 ? (
          <p className="text-ink-soft text-sm">No template yet. Choose in the form, then keep it here.</p>
        ) : null}
        <ul aria-label="Templates" className="grid divide-y border-y empty:hidden">
          {templates.map((template) => (
            <li key={template.id} className="flex items-start gap-2 py-3 text-sm">
              <div className="grid min-w-0 flex-1 gap-1">
                <Name className="break-words font-medium">{template.name}</Name>
                <Words template={template} noteTemplates={noteTemplates} />
              </div>
              <Button size="sm" aria-label={`Use ${template.name}`} onClick={() => onTake(template)}>
                Use
              </Button>
              {mayWrite ? (
                <>
                  <IconButton label={`Edit ${template.name}`} onClick={() => setEditing(template)}>
                    <Pencil size={14} aria-hidden />
                  </IconButton>
                  <IconButton
                    label={`Delete ${template.name}`}
                    disabled={remove.isPending}
                    onClick={() => template.id !== null && takeAway(template.id)}
                  >
                    <Trash2 size={14} aria-hidden />
                  </IconButton>
                </>
              ) : null}
            </li>
          ))}
        </ul>
        <Refusal error={remove.error} />
        <div className="dialog-actions">
          {mayWrite ? <Button onClick={() => setEditing('new')}>Keep the form as a template…</Button> : null}
          <Button onClick={onClose}>Close</Button>
        </div>
      </div>
    </Dialog>
  );
}

function Words({
  template,
  noteTemplates,
}: {
  template: ShipTemplateView;
  noteTemplates: readonly NoteTemplateView[];
}) {
  const { said, missing } = templateWords(template, noteTemplates);
  return (
    <>
      <span className="text-ink-soft wrap-anywhere">{said}</span>
      {missing.map((words) => (
        <span key={words} className="text-attention wrap-anywhere">
          {words}
        </span>
      ))}
    </>
  );
}
