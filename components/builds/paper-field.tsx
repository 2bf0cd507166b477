import { useId } from 'react';
import { formatBytes } from '@/lib/format/numbers';

/** As large as App Store Connect's own page takes a document; the server holds the same limit. */
const KINDS = '.pdf,.doc,.docx,.txt,.rtf,.jpg,.jpeg,.png';

/** The document of a declaration, from this machine. */
export function PaperField({
  paper,
  onPaper,
}: {
  paper: File | null;
  onPaper: (paper: File | null) => void;
}) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        Document
      </label>
      <input
        id={id}
        type="file"
        accept={KINDS}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onPaper(event.target.files?.[0] ?? null)}
        className="field w-full p-1.5"
      />
      <p id={`${id}-hint`} className="text-ink-soft">
        {paper
          ? formatBytes(paper.size)
          : 'Such as the approval of the French authority, or the classification of the United States.'}
      </p>
    </div>
  );
}
