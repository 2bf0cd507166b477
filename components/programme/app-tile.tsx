import clsx from 'clsx';

const HUES = [8, 32, 95, 150, 185, 215, 245, 275, 305, 335];

/** An app's icon: its first letter on a colour of its own, until App Store Connect gives a picture we may show. */
export function AppTile({
  name,
  size = 'md',
}: {
  name: string | null | undefined;
  size?: 'sm' | 'md' | 'lg';
}) {
  const text = name?.trim() || '?';
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  const hue = HUES[sum % HUES.length] ?? 215;
  return (
    <span
      aria-hidden
      style={{ backgroundColor: `oklch(0.5 0.11 ${hue})` }}
      className={clsx(
        'inline-flex shrink-0 items-center justify-center font-semibold text-on-accent',
        size === 'sm' && 'size-5 rounded-sm text-xs',
        size === 'md' && 'size-7 rounded-md text-sm',
        size === 'lg' && 'size-11 rounded-lg text-xl',
      )}
    >
      {[...text][0]?.toUpperCase()}
    </span>
  );
}
