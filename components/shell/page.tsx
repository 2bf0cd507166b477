import clsx from 'clsx';
import type { ReactNode } from 'react';

/** The room of a page: wide where people scan, narrow where they read and fill in. */
export function Page({ isNarrow = false, children }: { isNarrow?: boolean; children: ReactNode }) {
  return (
    <div
      className={clsx(
        'mx-auto w-full px-6 py-6 max-sm:px-4 max-sm:py-4',
        isNarrow ? 'max-w-3xl' : 'max-w-[90rem]',
      )}
    >
      {children}
    </div>
  );
}
