import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useApps } from '@/components/shell/known';
import { AddLanguage } from '@/components/texts/add-language';
import { MarkedArea } from '@/components/texts/marked-area';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import { TEXT_LIMIT } from '@/lib/asc/catalogue/limits';
import { type NoteTemplateView, saveTemplateMutation } from '@/lib/browser/note-templates';
import { languageName } from '@/lib/format/languages';
import { NOTE_VARIABLES, unknownVariables } from '@/lib/format/note-variables';

/** Makes a template, or changes one: its name, and a text in each of some languages. */
export function NoteTemplateForm({
  appId,
  template,
  written,
  onClose,
}: {
  appId: string;
  template: NoteTemplateView | null;
  written: Readonly<Record<string, string>>;
  onClose: () => void;
}) {
  const primary = useApps().find(({ id }) => id === appId)?.attributes?.primaryLocale ?? 'en-US';
  const begun = Object.keys(written).length > 0 ? written : { [primary]: '' };
  const [name, setName] = useState(template?.name ?? '');
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(template?.texts ?? begun);
  const save = useMutation(saveTemplateMutation(appId));
  const locales = Object.keys(texts);
  const isReady = name.trim() !== '' && Object.values(texts).some((text) => text.trim() !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const filled = Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== ''));
    save.mutate(
      { template, name: name.trim(), texts: filled },
      {
        onSuccess: () => {
          void toast({ title: template ? 'Template saved' : 'Template kept' });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={template ? 'Edit the template' : 'New template'}
      description={`Filled in for each build: ${Object.entries(NOTE_VARIABLES)
        .map(([variable, what]) => `{${variable}} is ${what}`)
        .join('; ')}.`}
    >
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label="Name"
          dir="auto"
          autoComplete="off"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {locales.map((locale) => {
          const unknown = unknownVariables(texts[locale] ?? '');
          const { [locale]: _, ...others } = texts;
          return (
            <div key={locale} className="grid gap-1">
              <MarkedArea
                label={`Text in ${languageName(locale)}`}
                isLabelShown
                isMarked
                limit={TEXT_LIMIT}
                value={texts[locale] ?? ''}
                onChange={(text) => setTexts({ ...texts, [locale]: text })}
              />
              {unknown.length > 0 ? (
                <p role="status" className="text-attention text-sm">
                  Stands for nothing: {unknown.join(', ')}
                </p>
              ) : null}
              {locales.length > 1 ? (
                <Button
                  size="sm"
                  variant="ghost"
                  className="justify-self-start"
                  aria-label={`Remove ${languageName(locale)}`}
                  onClick={() => setTexts(others)}
                >
                  Remove
                </Button>
              ) : null}
            </div>
          );
        })}
        <AddLanguage used={locales} onAdd={(locale) => setTexts({ ...texts, [locale]: '' })} />
        <Refusal error={save.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Back</Button>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={!isReady}>
            {template ? 'Save template' : 'Keep template'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
