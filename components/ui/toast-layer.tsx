'use client';

import { Toaster, useSonner } from 'sonner';
import { useBottomRoom } from './bottom-bars';
import { useIsPhone } from './use-is-phone';

/** Px between toasts and what they stand on. */
const GAP = 16;
const DESKTOP_GAP = 24;

/** Toasts stand on whatever bar is at the bottom of the window, and cover none. */
export default function ToastLayer() {
  const { toasts } = useSonner();
  const room = useBottomRoom(toasts.length > 0);
  const isPhone = useIsPhone();
  return (
    <Toaster
      position="bottom-right"
      offset={{ bottom: room + DESKTOP_GAP, right: DESKTOP_GAP }}
      mobileOffset={{ bottom: room + GAP, left: GAP, right: GAP }}
      closeButton
      // On a phone they lie behind each other until one is touched: side by side they would cover what is read.
      expand={!isPhone}
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex font-sans w-[min(24rem,calc(100vw-2rem))] items-start gap-3 rounded-lg border bg-raised p-3 pr-8 text-sm shadow-pop',
          title: 'font-medium',
          description: 'text-ink-soft break-words',
          content: 'min-w-0 flex-1',
          actionButton:
            'shrink-0 self-center rounded-md border border-line-strong/50 px-2 py-0.5 font-medium text-accent-ink hover:bg-hover',
          cancelButton:
            'shrink-0 self-center rounded-md border border-line-strong/50 px-2 py-0.5 font-medium text-accent-ink hover:bg-hover',
          closeButton:
            'absolute right-1.5 top-1.5 size-6 inline-flex items-center justify-center rounded-sm text-ink-soft hover:bg-hover',
          error: 'border-bad',
        },
      }}
    />
  );
}
