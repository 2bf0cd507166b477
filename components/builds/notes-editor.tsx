'use client';

import { Copy, FileText, Layers } from 'lucide-react';
import { useState } from 'react';
import { AddLanguage } from '@/components/texts/add-language';
import { textOf, withAdded, withText } from '@/components/texts/edits';
import { isSendable } from '@/components/texts/marked-area';
import { SaveBar } from '@/components/texts/save-bar';
import { useTextRows } from '@/components/texts/use-text-rows';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import type { BuildResource } from '@/lib/browser/types';
import { primaryFirst } from '@/lib/format/languages';
import { formatPlural } from '@/lib/format/numbers';
import { notesDraftKey } from './notes-draft';
import { NotesRow } from './notes-row';
import { useSendNotes } from './use-send-notes';

const CopyNotesDialog = onDemand(() => import('./copy-notes-dialog'));
const InsertTemplate = onDemand(() => import('./insert-template'));
const ManyBuildsDialog = onDemand(() => import('./many-builds-dialog'));

interface NoteRow {
  readonly id: string;
  readonly locale: string;
  readonly texts: { readonly whatsNew: string };
}

/** What to Test in all languages on one screen. */
export default function NotesEditor({
  build,
  appId,
  rows,
  missing,
  primaryLocale,
  onClose,
}: {
  build: BuildResource;
  appId: string;
  rows: readonly NoteRow[];
  /** Languages of the test information that have no text here. */
  missing: readonly string[];
  primaryLocale: string | null;
  onClose: (hasUnsaved: boolean) => void;
}) {
  const [dialog, setDialog] = useState<'copy' | 'many' | 'templates' | null>(null);
  const texts = useTextRows({
    type: 'betaBuildLocalizations',
    owner: { name: 'build', to: { type: 'builds', id: build.id } },
    rows,
    draftKey: notesDraftKey(build.id),
    said: (count) => `What to Test saved in ${formatPlural(count, 'language')}`,
    sendAll: useSendNotes(build.id),
  });
  const { edits, setEdits, changes, save } = texts;
  const unwritten = missing.filter((locale) => !texts.rows.some((row) => row.locale === locale));
  const shown = primaryFirst(
    [...texts.rows, ...unwritten.map((locale) => ({ id: null, locale, texts: {} }))],
    primaryLocale,
  );
  const isWrong = changes.some(
    (change) => change.kind !== 'delete' && !isSendable(change.attributes.whatsNew ?? '', true),
  );
  const copied = (found: Readonly<Record<string, string>>) => {
    setEdits((before) =>
      Object.entries(found).reduce((now, [locale, text]) => {
        const row = shown.find((one) => one.locale === locale) ?? { id: null, locale, texts: {} };
        return withText(now, row, 'whatsNew', text);
      }, before),
    );
    setDialog(null);
  };
  const written = Object.fromEntries(
    shown.flatMap((row) => {
      const text = textOf(row, edits, 'whatsNew');
      return text.trim() === '' || edits[row.locale]?.isRemoved ? [] : [[row.locale, text]];
    }),
  );
  const begun = (isThisToo: boolean) => {
    setDialog(null);
    if (!isThisToo) return;
    // What was typed is in the job now.
    texts.draft.clear();
    onClose(false);
  };
  const submit = async () => {
    if (await save()) onClose(false);
  };
  return (
    <Section
      title="What to Test"
      action={
        <span className="flex flex-wrap gap-2">
          <Button icon={<Copy size={14} aria-hidden />} onClick={() => setDialog('copy')}>
            Copy from another build…
          </Button>
          <Button icon={<FileText size={14} aria-hidden />} onClick={() => setDialog('templates')}>
            Templates…
          </Button>
          <Button
            icon={<Layers size={14} aria-hidden />}
            disabled={isWrong}
            onClick={() => setDialog('many')}
          >
            Write for several builds…
          </Button>
        </span>
      }
    >
      <ul aria-label="Languages" data-editing="" className="grid gap-6">
        {shown.map((row) => (
          <NotesRow
            key={row.locale}
            row={row}
            texts={texts}
            isPrimary={row.locale === primaryLocale}
            isMissing={missing.includes(row.locale)}
          />
        ))}
      </ul>
      <AddLanguage
        used={shown.map(({ locale }) => locale)}
        onAdd={(locale) => setEdits(withAdded(edits, locale))}
      />
      <SaveBar
        texts={texts}
        label={`Save ${formatPlural(changes.length, 'language')}`}
        problem={isWrong ? 'Mend the marked texts first: App Store Connect would refuse them.' : null}
        onSave={() => void submit()}
        onClose={() => onClose(changes.length > 0)}
      />
      {dialog === 'copy' ? (
        <CopyNotesDialog build={build} appId={appId} onClose={() => setDialog(null)} onCopied={copied} />
      ) : null}
      {dialog === 'templates' ? (
        <InsertTemplate
          build={build}
          appId={appId}
          written={written}
          onInsert={copied}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'many' ? (
        <ManyBuildsDialog
          build={build}
          appId={appId}
          texts={written}
          onClose={() => setDialog(null)}
          onBegun={begun}
        />
      ) : null}
    </Section>
  );
}
