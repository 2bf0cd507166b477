'use client';

import Link from 'next/link';
import { useMay } from '@/components/shell/known';
import { buttonClass } from '@/components/ui/button';
import type { CrashView } from '@/lib/browser/feedback';
import { formatPlural } from '@/lib/format/numbers';

/** What stands in the way of names in a stack, with the next step. */
export function SymbolsNote({ symbols, home }: { symbols: CrashView['symbols']; home: string }) {
  const { missing, waiting, trouble } = symbols;
  const maySend = useMay('symbols:write');
  if (missing.length === 0 && waiting === 0) return null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 rounded-md border px-3 py-2 text-sm">
      <p role="status">
        {missing.length > 0
          ? `Symbols missing for ${formatPlural(missing.length, 'image')}: calls in it have no names.`
          : (trouble ?? 'The symbols are here and are being read; names appear in a moment.')}
      </p>
      {missing.length > 0 ? (
        <Link href={`${home}/symbols`} className={buttonClass('secondary', 'sm')}>
          {maySend ? 'Add symbols' : 'See which'}
        </Link>
      ) : null}
    </div>
  );
}
