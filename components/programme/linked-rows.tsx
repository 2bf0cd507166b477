import { Plus, X } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button, IconButton } from '@/components/ui/button';

/** One thing that another has, with the way to it and, for whoever may, a button that takes it away. */
export function LinkedRow({
  href,
  badge,
  takeLabel,
  isBusy,
  onTake,
  children,
}: {
  href: string;
  badge?: ReactNode;
  /** What its button does, in words. */
  takeLabel: string;
  isBusy?: boolean;
  /** Absent for whoever may not. */
  onTake: (() => void) | undefined;
  children: ReactNode;
}) {
  return (
    <li className="flex min-h-9 min-w-0 items-center gap-2 text-sm">
      <Link href={href} prefetch={false} className="min-w-0 flex-1 truncate py-2 hover:underline">
        {children}
      </Link>
      {badge}
      {onTake ? (
        <IconButton label={takeLabel} disabled={isBusy} onClick={onTake}>
          <X size={14} aria-hidden />
        </IconButton>
      ) : null}
    </li>
  );
}

/** Adds to such a list; `load` fetches the code of what it opens when the pointer or the focus reaches it. */
export function AddButton({
  onAdd,
  load,
  children,
}: {
  onAdd: () => void;
  load?: () => void;
  children: string;
}) {
  return (
    <Button
      size="sm"
      variant="ghost"
      icon={<Plus size={14} aria-hidden />}
      onPointerEnter={load}
      onFocus={load}
      onClick={onAdd}
    >
      {children}
    </Button>
  );
}
