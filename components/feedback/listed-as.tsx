'use client';

import clsx from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';

/** Each report by itself, or crashes of the same kind as one. */
export function ListedAs({ base }: { base: string }) {
  const pathname = usePathname();
  const ways = [
    [`${base}/feedback`, 'Reports'],
    [`${base}/issues`, 'Crash issues'],
    // Symbols are an app's.
    ...(base === '' ? [] : [[`${base}/symbols`, 'Symbols'] as const]),
  ] as const;
  return (
    <nav aria-label="What is listed" className="inline-flex rounded-md border p-0.5">
      {ways.map(([href, name]) => (
        <Link
          key={href}
          href={href}
          prefetch={false}
          aria-current={pathname === href ? 'page' : undefined}
          className={clsx(
            'inline-flex h-7 items-center rounded-sm px-2.5 text-sm max-sm:h-9',
            pathname === href ? 'bg-active font-medium' : 'text-ink-soft hover:text-ink',
          )}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
