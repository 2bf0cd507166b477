/** A bar of how much is done; without a total it only says that something runs. */
export function Progress({
  label,
  done,
  total,
}: {
  label: string;
  done: number;
  total: number | null | undefined;
}) {
  const share = total ? Math.min(1, done / total) : 0;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      {...(total ? { 'aria-valuemax': total, 'aria-valuenow': Math.min(done, total) } : {})}
      className="h-1.5 overflow-hidden rounded-full bg-active"
    >
      <div
        className={total ? 'h-full bg-accent transition-[width]' : 'skeleton h-full'}
        style={total ? { width: `${share * 100}%` } : undefined}
      />
    </div>
  );
}
