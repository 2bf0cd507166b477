'use client';

import { Copy } from 'lucide-react';
import { buttonClass } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { toast, toastError } from '@/components/ui/toast';
import { type HandedOver, markdownOf } from '@/lib/browser/hand-over';

/** Puts a report or an issue on the clipboard as Markdown. */
export function CopyMarkdown({ of, hasCrash }: { of: HandedOver; hasCrash: boolean }) {
  const copy = async (stack: 'top' | 'thread') => {
    try {
      await putOnClipboard(markdownOf(of, stack));
      void toast({ title: 'Copied as Markdown' });
    } catch (error) {
      void toastError('Not copied', error);
    }
  };
  const entries = [
    { id: 'top', label: 'With its first calls', onSelect: () => void copy('top') },
    { id: 'thread', label: 'With the whole thread', onSelect: () => void copy('thread') },
  ];
  const icon = <Copy size={14} aria-hidden />;
  if (!hasCrash)
    return (
      <button type="button" className={buttonClass()} onClick={() => void copy('top')}>
        {icon} Copy as Markdown
      </button>
    );
  return (
    <Menu label="Copy as Markdown" entries={entries} className={buttonClass()}>
      {icon} Copy as Markdown
    </Menu>
  );
}

/** Safari wants the clipboard asked for at the click itself, with a text that may come later. */
async function putOnClipboard(text: Promise<string>): Promise<void> {
  if (typeof ClipboardItem === 'undefined' || !navigator.clipboard?.write) {
    await navigator.clipboard.writeText(await text);
    return;
  }
  const blob = text.then((words) => new Blob([words], { type: 'text/plain' }));
  // Whoever refuses first says less than the reason of the server.
  const [refused] = await Promise.allSettled([
    text,
    navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]),
  ]);
  if (refused.status === 'rejected') throw refused.reason;
}
