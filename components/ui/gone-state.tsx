import Link from 'next/link';
import type { ApiError } from '@/lib/browser/api';
import { buttonClass } from './button';

/** Instead of a page whose thing is no longer there: what happened, and where to go on. */
export function GoneState({ error, href, to }: { error: ApiError; href: string; to: string }) {
  return (
    <div role="alert" className="mx-auto flex max-w-xl flex-col items-start gap-3 px-4 py-12">
      <h1 className="font-semibold text-base">No longer there</h1>
      <p className="text-pretty break-words text-sm">{error.message}</p>
      <Link href={href} prefetch={false} className={buttonClass('secondary', 'md')}>
        {to}
      </Link>
    </div>
  );
}
