import { buttonClass } from '@/components/ui/button';

/** A choice of few that is always in sight. */
export function Segments<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}) {
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={buttonClass('ghost', 'sm', 'aria-pressed:bg-active aria-pressed:text-ink')}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
