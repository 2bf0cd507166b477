import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { Button } from './button';

/** The field in which a title is changed. */
export default function TitleForm({
  value,
  label,
  onSave,
  onClose,
}: {
  value: string;
  label: string;
  onSave: (value: string) => Promise<void>;
  onClose: () => void;
}) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => field.current?.select(), []);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (typed === value) return onClose();
    setBusy(true);
    try {
      await onSave(typed);
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
      field.current?.focus();
    }
  };
  return (
    <form onSubmit={submit} className="flex w-full max-w-xl flex-wrap items-center gap-2 font-normal">
      <input
        ref={field}
        value={typed}
        dir="auto"
        aria-label={label}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? id : undefined}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onClose();
        }}
        className="field h-9 min-w-0 flex-1 px-2.5 text-base"
      />
      <Button type="submit" variant="primary" busy={isBusy}>
        Save
      </Button>
      <Button variant="ghost" onClick={onClose}>
        Cancel
      </Button>
      {problem ? (
        <p id={id} role="alert" className="w-full text-bad text-sm">
          {problem}
        </p>
      ) : null}
    </form>
  );
}
