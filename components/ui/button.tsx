import clsx from 'clsx';
import type { ComponentProps, ReactNode } from 'react';

type Variant = 'primary' | 'secondary' | 'ghost' | 'danger';
type Size = 'sm' | 'md';

/** The looks of a button, for what must be another element; they are said in the style sheet, as pages hold many. */
export function buttonClass(variant: Variant = 'secondary', size: Size = 'md', extra?: string): string {
  return clsx('button', `button-${variant}`, size === 'sm' && 'button-sm', extra);
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
      className={clsx('icon-button', className)}
    >
      {children}
    </button>
  );
}
