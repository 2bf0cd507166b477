import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { SelectField, TextField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import type { NoteTemplateView } from '@/lib/browser/note-templates';
import {
  type ShipTemplateView,
  saveShipTemplateMutation,
  undoShipTemplateMutation,
} from '@/lib/browser/ship-templates';
import { isolated } from '@/lib/format/isolated';
import { Choice } from './choice';
import { type KeptTexts, type ShipChoices, templateOf, textsToSend } from './ship-choices';

/** Keeps what is chosen under a name, or gives a template another name and, when wanted, what is chosen now. */
export function ShipTemplateForm({
  place,
  template,
  noteTemplates,
  chosen,
  onSaved,
  onClose,
}: {
  place: { readonly appId: string; readonly accountId: string | undefined };
  template: ShipTemplateView | null;
  noteTemplates: readonly NoteTemplateView[];
  chosen: ShipChoices;
  onSaved: () => void;
  onClose: () => void;
}) {
  const [name, setName] = useState(template?.name ?? '');
  const [isReplaced, setReplaced] = useState(template === null);
  const known = noteTemplates.some(({ id }) => id === chosen.noteTemplate);
  const [texts, setTexts] = useState(known ? (chosen.noteTemplate ?? '') : '');
  const save = useMutation(saveShipTemplateMutation(place));
  const undo = useMutation(undoShipTemplateMutation());
  const hasTexts = Object.keys(textsToSend(chosen.notes, {})).length > 0;
  const choices = isReplaced || !template ? templateOf(chosen, keptOf(texts)) : template.choices;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!choices) return;
    save.mutate(
      { template, name: name.trim(), choices },
      {
        onSuccess({ data }) {
          void toast({
            title: template ? 'Template saved' : 'Template kept',
            undo: () => undo.mutateAsync(data.auditId),
          });
          onSaved();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={template ? 'Edit the template' : 'Keep as a template'}
      description="Groups of both stages, submission, when testers are told and the answer to export compliance are kept as they are chosen in the form."
    >
      <form onSubmit={submit} className="grid gap-4 text-sm">
        <TextField
          label="Name"
          dir="auto"
          autoComplete="off"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {template ? (
          <Choice
            kind="checkbox"
            isChosen={isReplaced}
            onChoose={setReplaced}
            hint="Without it, only the name changes."
          >
            Keep what is chosen in the form now
          </Choice>
        ) : null}
        {isReplaced ? (
          <SelectField
            label="What to Test"
            hint={texts === '' ? undefined : BRACES_WORDS}
            value={texts}
            onChange={(event) => setTexts(event.target.value)}
          >
            <option value="">Not kept: each build gets its own text</option>
            {hasTexts ? <option value={FORM}>The texts as they stand in the form</option> : null}
            {noteTemplates.map(({ id, name: called }) => (
              <option key={id} value={id}>
                By the template “{isolated(called)}”
              </option>
            ))}
          </SelectField>
        ) : null}
        {choices ? null : (
          <p role="status" className="text-attention">
            Something in the form is not whole yet: a time or a declaration.
          </p>
        )}
        <Refusal error={save.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Back</Button>
          <Button
            type="submit"
            variant="primary"
            busy={save.isPending}
            disabled={name.trim() === '' || choices === null}
          >
            {template ? 'Save template' : 'Keep template'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const FORM = 'form';
const BRACES_WORDS = 'What stands in braces, such as {build}, is filled in for each build.';

function keptOf(texts: string): KeptTexts {
  if (texts === '') return { of: 'none' };
  return texts === FORM ? { of: 'form' } : { of: 'template', id: texts };
}
