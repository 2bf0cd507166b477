'use client';

import { Button } from '@/components/ui/button';
import type { Conflict } from './edits';
import { mergedText } from './merge';

/** Two people wrote the same text: both versions, and what can be made of them. */
export default function ConflictChoice({
  conflict,
  what,
  onMine,
  onTheirs,
  onBoth,
}: {
  conflict: Conflict;
  /** Which text: “What to Test in German”. */
  what: string;
  onMine: () => void;
  onTheirs: () => void;
  onBoth: (text: string) => void;
}) {
  const { text, isClean } = mergedText(conflict);
  return (
    <div role="alert" className="grid gap-3 rounded-md border border-attention-mark p-3 text-sm">
      <p className="font-medium">
        Somebody else changed {what} while you were writing. Nothing was overwritten.
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        <Version title="Theirs, at App Store Connect now" text={conflict.theirs} />
        <Version title="Yours, not saved" text={conflict.mine} />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={onTheirs}>
          Take theirs
        </Button>
        <Button size="sm" onClick={onMine}>
          Keep mine
        </Button>
        <Button size="sm" onClick={() => onBoth(text)}>
          {isClean ? 'Merge both' : 'Put both into the field'}
        </Button>
      </div>
      <p className="text-ink-soft">
        {isClean
          ? 'They are about different lines: merged, both changes stand. '
          : 'They are about the same lines: put into the field, both stand below each other for you to mend. '}
        Nothing is sent before you save.
      </p>
    </div>
  );
}

function Version({ title, text }: { title: string; text: string }) {
  return (
    <div className="grid content-start gap-1">
      <h4 className="text-ink-soft text-xs">{title}</h4>
      {text === '' ? (
        <p className="text-ink-faint">Empty</p>
      ) : (
        <p
          dir="auto"
          className="max-h-48 overflow-y-auto whitespace-pre-wrap rounded-md bg-sunken p-2 wrap-anywhere"
        >
          {text}
        </p>
      )}
    </div>
  );
}
