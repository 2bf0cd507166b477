import { type ComponentProps, useId } from 'react';
import { TextField } from '@/components/ui/field';
import { useHydrated } from '@/components/ui/use-hydrated';

/** A time zone by its name, with those that this browser knows to choose from. */
export function ZoneField(props: Omit<ComponentProps<typeof TextField>, 'label' | 'list'>) {
  const id = useId();
  // The server knows others.
  const zones = useHydrated() ? Intl.supportedValuesOf('timeZone') : [];
  return (
    <div className="min-w-56 flex-1">
      <TextField {...props} label="Time zone" list={id} autoComplete="off" spellCheck={false} />
      <datalist id={id}>
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </div>
  );
}
