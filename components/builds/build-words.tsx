import { Time } from '@/components/ui/time';
import type { BuildResource } from '@/lib/query/types';

/** "2.14.0 (1402)", or what of it is known. */
export function buildName(build: BuildResource): string {
  const number = build.attributes?.version;
  const version = build.meta?.trainVersion;
  if (version && number) return `${version} (${number})`;
  return version ?? number ?? 'Unnumbered build';
}

/** When a build ends, or that it has. */
export function Expiry({ build }: { build: BuildResource }) {
  const { expired, expirationDate } = build.attributes ?? {};
  if (expired) return <span className="text-ink-faint">Expired</span>;
  return (
    <>
      <span className="sm:hidden">Expires </span>
      <Time at={expirationDate} />
    </>
  );
}
