'use client';

import clsx from 'clsx';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { useHydrated } from './use-hydrated';

type Props = Omit<ComponentProps<'input'>, 'type' | 'onChange'> & {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  onChange: (checked: boolean) => void;
};

/** A setting that is on or off at once; the label is part of the target. */
export function Switch({ label, hint, error, onChange, className, ...rest }: Props) {
  const id = useId();
  const isHydrated = useHydrated();
  return (
    <div className={clsx('flex items-start justify-between gap-4', className)}>
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium text-sm">
          {label}
        </label>
        {hint ? (
          <p id={`${id}-hint`} className="text-ink-soft text-sm">
            {hint}
          </p>
        ) : null}
        {error ? (
          <p id={`${id}-error`} role="alert" className="text-bad text-sm">
            {error}
          </p>
        ) : null}
      </div>
      <span className={clsx('relative mt-0.5 inline-flex h-5 w-9 shrink-0', rest.disabled && 'opacity-50')}>
        <input
          {...rest}
          disabled={rest.disabled || !isHydrated}
          id={id}
          type="checkbox"
          role="switch"
          aria-checked={rest.checked ?? false}
          aria-describedby={clsx(hint && `${id}-hint`, error && `${id}-error`) || undefined}
          onChange={(event) => onChange(event.target.checked)}
          className="peer absolute -inset-1 z-10 m-0 cursor-pointer appearance-none rounded-full outline-offset-[-3px] disabled:cursor-not-allowed"
        />
        <span className="absolute inset-0 rounded-full bg-line-strong transition-colors peer-checked:bg-accent" />
        <span className="absolute top-0.5 left-0.5 size-4 rounded-full bg-on-accent transition-transform peer-checked:translate-x-4" />
      </span>
    </div>
  );
}
