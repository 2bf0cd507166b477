import clsx from 'clsx';

const HUES = [8, 32, 95, 150, 185, 215, 245, 275, 305, 335];

/** An app's icon, or its first letter on a colour of its own while App Store Connect has given no picture. */
export function AppTile({
  id,
  name,
  icon,
  size = 'md',
}: {
  id: string;
  name: string | null | undefined;
  /** Changes with the picture; none without it. */
  icon: string | null | undefined;
  size?: 'sm' | 'md' | 'lg';
}) {
  const shape = clsx(
    'inline-flex shrink-0 items-center justify-center font-semibold text-on-accent',
    size === 'sm' && 'size-5 rounded-sm text-xs',
    size === 'md' && 'size-7 rounded-md text-sm',
    size === 'lg' && 'size-11 rounded-lg text-xl',
  );
  if (icon) {
    // biome-ignore lint/performance/noImgElement: a picture of two kilobytes at its own size needs no optimiser
    return <img src={`/api/apps/${encodeURIComponent(id)}/icon?v=${icon}`} alt="" className={shape} />;
  }
  const text = name?.trim() || '?';
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  const hue = HUES[sum % HUES.length] ?? 215;
  return (
    <span aria-hidden style={{ backgroundColor: `oklch(0.5 0.11 ${hue})` }} className={shape}>
      {[...text][0]?.toUpperCase()}
    </span>
  );
}
