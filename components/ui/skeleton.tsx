import clsx from 'clsx';

/** A grey stand-in for what is on its way; hidden from assistive technology, which hears "Loading". */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={clsx('skeleton', className)} />;
}

/** A page's worth of grey lines in the shape of a list. */
export function ListSkeleton({ rows = 12 }: { rows?: number }) {
  return (
    <div role="status" className="grid gap-0">
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the stand-ins are all alike
        <div key={row} aria-hidden className="flex h-11 items-center gap-6 border-b px-3">
          <Skeleton className={clsx('h-3', row % 3 === 0 ? 'w-48' : row % 3 === 1 ? 'w-36' : 'w-56')} />
          <Skeleton className="ml-auto h-3 w-20" />
          <Skeleton className="h-3 w-14 max-sm:hidden" />
        </div>
      ))}
    </div>
  );
}
