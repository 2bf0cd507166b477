import clsx from 'clsx';
import type { ComponentProps, ReactNode } from 'react';

type Variant = 'primary' | 'secondary' | 'ghost' | 'danger';
type Size = 'sm' | 'md';

const VARIANTS: Record<Variant, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover border-transparent',
  secondary: 'bg-surface text-ink border-line-strong/50 hover:bg-hover',
  ghost: 'border-transparent text-ink-soft hover:bg-hover hover:text-ink',
  danger: 'bg-bad-fill text-on-accent border-transparent hover:brightness-110',
};
const SIZES: Record<Size, string> = { sm: 'h-7 px-2 text-sm gap-1.5', md: 'h-8 px-3 text-sm gap-2' };

/** The looks of a button, for what must be another element. */
export function buttonClass(variant: Variant = 'secondary', size: Size = 'md', extra?: string): string {
  return clsx(
    'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md border font-medium transition-colors',
    'disabled:cursor-not-allowed disabled:opacity-55 max-sm:min-h-9',
    VARIANTS[variant],
    SIZES[size],
    extra,
  );
}

export interface Looks {
  variant?: Variant;
  size?: Size;
  icon?: ReactNode;
}

/** A button; while `busy` it cannot be pressed again and says so. */
export function Button({
  variant,
  size,
  icon,
  busy = false,
  className,
  children,
  disabled,
  ...rest
}: ComponentProps<'button'> & Looks & { busy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={buttonClass(variant, size, className)}
    >
      {icon}
      {children}
    </button>
  );
}

/** A button of one icon; `label` is what it is called aloud and in the tooltip. */
export function IconButton({
  label,
  keys,
  className,
  children,
  ...rest
}: ComponentProps<'button'> & { label: string; keys?: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      data-keys={keys}
      {...rest}
      className={clsx(
        'inline-flex size-8 shrink-0 items-center justify-center rounded-md text-ink-soft transition-colors hover:bg-hover hover:text-ink disabled:cursor-not-allowed disabled:opacity-55 max-sm:size-9',
        className,
      )}
    >
      {children}
    </button>
  );
}
