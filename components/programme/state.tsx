import { Status } from '@/components/ui/status';
import { label } from '@/lib/format/labels';
import { toneOf } from '@/lib/format/state-tones';

/** A state of Apple's in words, with the dot that belongs to it; a value Apple has added since is shown as it is. */
export function State({ value }: { value: string | null | undefined }) {
  if (!value) return <span className="text-ink-faint">Unknown</span>;
  return <Status tone={toneOf(value)}>{label(value)}</Status>;
}
