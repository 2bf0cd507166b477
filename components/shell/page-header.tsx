import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Name } from '@/components/ui/name';

export interface Crumb {
  readonly label: string | null | undefined;
  readonly href: string;
}

/** Where one is, what this is, and the one thing most people do here. */
export function PageHeader({
  crumbs = [],
  title,
  badges,
  action,
  children,
}: {
  crumbs?: readonly Crumb[];
  title: ReactNode;
  badges?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className="relative mb-5">
      {crumbs.length > 0 ? (
        <nav aria-label="Breadcrumb" className="mb-1 max-sm:pr-20">
          <ol className="flex min-w-0 items-center gap-1 text-ink-soft text-sm">
            {crumbs.map((crumb, index) => (
              <li key={crumb.href} className="flex min-w-0 items-center gap-1">
                {index > 0 ? (
                  <ChevronRight size={13} aria-hidden className="shrink-0 text-ink-faint" />
                ) : null}
                <Link
                  href={crumb.href}
                  prefetch={false}
                  className="truncate rounded-sm hover:text-ink hover:underline max-sm:py-1.5"
                >
                  <Name>{crumb.label}</Name>
                </Link>
              </li>
            ))}
          </ol>
        </nav>
      ) : null}
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <div className="flex min-w-[50%] flex-1 flex-wrap items-center gap-2">
          <h1 className="min-w-0 max-w-full break-words font-semibold text-xl tracking-tight">{title}</h1>
          {badges}
        </div>
        {action ? (
          <div className="flex max-w-full shrink-0 flex-wrap items-center gap-2">{action}</div>
        ) : null}
      </div>
      {children ? <div className="mt-1 max-w-3xl max-sm:mt-2 text-ink-soft text-sm">{children}</div> : null}
    </header>
  );
}
