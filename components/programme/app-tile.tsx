'use client';

import clsx from 'clsx';
import { type CSSProperties, useEffect, useRef, useState } from 'react';

const HUES = [12, 48, 85, 130, 162, 195, 225, 255, 285, 315, 345];

interface IconMeta {
  /** Changes with the picture; none without it. */
  readonly icon?: string | null | undefined;
  readonly accountId?: string | null | undefined;
  readonly accountName?: string | null | undefined;
}

/** Where an app's picture is, by what a row of it says; undefined without one. */
export function iconOf(appId: string, meta: IconMeta | undefined): string | undefined {
  if (!meta?.icon) return undefined;
  const account = meta.accountName && meta.accountId ? `&account=${encodeURIComponent(meta.accountId)}` : '';
  return `/api/apps/${encodeURIComponent(appId)}/icon?v=${encodeURIComponent(meta.icon)}${account}`;
}

/** An app's icon, or its first letter on a colour of its own where there is no picture, or none can be fetched. */
export function AppTile({
  name,
  icon,
  size = 'md',
}: {
  name: string | null | undefined;
  /** Where the picture is. */
  icon: string | undefined;
  size?: 'sm' | 'md' | 'lg';
}) {
  const picture = useRef<HTMLImageElement>(null);
  const [broken, setBroken] = useState<string>();
  // One that failed before the page woke up tells nobody.
  useEffect(() => {
    const { complete = false, naturalWidth = 0 } = picture.current ?? {};
    if (icon !== undefined && complete && naturalWidth === 0) setBroken(icon);
  }, [icon]);
  const shape = clsx('app-tile', size !== 'md' && `app-tile-${size}`);
  if (icon !== undefined && icon !== broken) {
    return (
      // biome-ignore lint/performance/noImgElement: a picture of two kilobytes at its own size needs no optimiser
      <img
        ref={picture}
        src={icon}
        alt=""
        // A picture of a few pixels must not be asked for before the scripts and styles of its page.
        fetchPriority="low"
        className={shape}
        onError={() => setBroken(icon)}
      />
    );
  }
  const text = name?.trim() || '?';
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  const hue = HUES[hash % HUES.length];
  return (
    <span aria-hidden style={{ '--hue': hue } as CSSProperties} className={shape}>
      {[...text][0]?.toUpperCase()}
    </span>
  );
}
