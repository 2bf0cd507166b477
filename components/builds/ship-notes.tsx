import { Copy, FileText, Languages } from 'lucide-react';
import { useState } from 'react';
import { AddLanguage } from '@/components/texts/add-language';
import { MarkedArea } from '@/components/texts/marked-area';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import { TEXT_LIMIT } from '@/lib/asc/catalogue/limits';
import type { BuildResource } from '@/lib/browser/types';
import { languageName } from '@/lib/format/languages';
import { formatPlural } from '@/lib/format/numbers';
import type { ShipChoices } from './ship-choices';

const CopyNotesDialog = onDemand(() => import('./copy-notes-dialog'));
const InsertTemplate = onDemand(() => import('./insert-template'));

type Texts = Readonly<Record<string, string>>;

/** What to Test of a build that is shipped: the primary language, and all others when they are wanted. */
export function ShipNotes({
  build,
  appId,
  locales,
  held,
  chosen,
  onChange,
}: {
  build: BuildResource;
  appId: string;
  /** Languages of the build and of the test information, the primary one first. */
  locales: readonly string[];
  /** What stands there now. */
  held: Texts;
  chosen: Pick<ShipChoices, 'notes' | 'noteTemplate'>;
  onChange: (change: Pick<ShipChoices, 'notes' | 'noteTemplate'>) => void;
}) {
  const [isWhole, setWhole] = useState(false);
  const [dialog, setDialog] = useState<'copy' | 'templates' | null>(null);
  const { notes } = chosen;
  const all = [...locales, ...Object.keys(notes).filter((locale) => !locales.includes(locale))];
  const [first, ...others] = all;
  // What was put there is never out of sight.
  const shown = isWhole ? others : others.filter((locale) => notes[locale] !== undefined);
  const hidden = others.length - shown.length;
  const set = (texts: Texts, noteTemplate: string | null) => onChange({ notes: texts, noteTemplate });
  const area = (locale: string, hint?: string) => (
    <MarkedArea
      key={locale}
      label={`What to Test in ${languageName(locale)}`}
      isLabelShown
      isMarked
      limit={TEXT_LIMIT}
      hint={hint}
      value={notes[locale] ?? held[locale] ?? ''}
      onChange={(text) => set({ ...notes, [locale]: text }, null)}
    />
  );
  const taken = (texts: Texts, templateId: string | null) => {
    set({ ...notes, ...texts }, templateId);
    setDialog(null);
  };
  const written = Object.fromEntries(
    Object.entries({ ...held, ...notes }).filter(([, text]) => text.trim() !== ''),
  );
  return (
    <div className="grid gap-4">
      {first === undefined
        ? null
        : area(
            first,
            'Left empty, what is there stays. {version}, {build}, {previous} and {date} are filled in.',
          )}
      {shown.map((locale) => area(locale))}
      <div className="flex flex-wrap gap-2">
        {hidden > 0 || !isWhole ? (
          <Button size="sm" icon={<Languages size={14} aria-hidden />} onClick={() => setWhole(true)}>
            {hidden > 0 ? `Write in ${formatPlural(hidden, 'more language')}` : 'Write in another language'}
          </Button>
        ) : null}
        <Button size="sm" icon={<FileText size={14} aria-hidden />} onClick={() => setDialog('templates')}>
          Templates of What to Test…
        </Button>
        <Button size="sm" icon={<Copy size={14} aria-hidden />} onClick={() => setDialog('copy')}>
          Copy from another build…
        </Button>
      </div>
      {isWhole ? <AddLanguage used={all} onAdd={(locale) => set({ ...notes, [locale]: '' }, null)} /> : null}
      {dialog === 'templates' ? (
        <InsertTemplate
          build={build}
          appId={appId}
          written={written}
          onInsert={taken}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'copy' ? (
        <CopyNotesDialog
          build={build}
          appId={appId}
          onClose={() => setDialog(null)}
          onCopied={(texts) => taken(texts, null)}
        />
      ) : null}
    </div>
  );
}
