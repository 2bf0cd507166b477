import clsx from 'clsx';
import { type ComponentProps, type ReactNode, useId } from 'react';

interface Told {
  label: string;
  hint?: ReactNode;
  /** What is wrong with the value, in words; shown at the field and read aloud. */
  error?: string | undefined;
}

function Frame({ id, label, hint, error, children }: Told & { id: string; children: ReactNode }) {
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium text-ink text-sm">
        {label}
      </label>
      {children}
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
  );
}

function told(id: string, { hint, error }: Pick<Told, 'hint' | 'error'>) {
  const by = clsx(hint && `${id}-hint`, error && `${id}-error`);
  return { id, 'aria-invalid': error ? true : undefined, 'aria-describedby': by || undefined };
}

/** A labelled line of text. */
export function TextField({ label, hint, error, className, ...rest }: ComponentProps<'input'> & Told) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <input
        {...rest}
        {...told(id, { hint, error })}
        className={clsx('field h-9 w-full px-2.5 text-sm', className)}
      />
    </Frame>
  );
}

/** A labelled block of text. */
export function TextArea({ label, hint, error, className, ...rest }: ComponentProps<'textarea'> & Told) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea
        {...rest}
        {...told(id, { hint, error })}
        className={clsx('field min-h-24 w-full px-2.5 py-2 text-sm', className)}
      />
    </Frame>
  );
}

/** A labelled choice of few; the system's own list, so that it works on a phone. */
export function SelectField({
  label,
  hint,
  error,
  className,
  children,
  ...rest
}: ComponentProps<'select'> & Told) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <select
        {...rest}
        {...told(id, { hint, error })}
        className={clsx('field h-9 w-full px-2 text-sm', className)}
      >
        {children}
      </select>
    </Frame>
  );
}
