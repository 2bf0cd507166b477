import clsx from 'clsx';

const HUES = [12, 48, 85, 130, 162, 195, 225, 255, 285, 315, 345];

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
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  const hue = HUES[hash % HUES.length];
  return (
    <span aria-hidden style={{ backgroundColor: `oklch(0.5 0.13 ${hue})` }} className={shape}>
      {[...text][0]?.toUpperCase()}
    </span>
  );
}
