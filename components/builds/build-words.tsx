import { Time } from '@/components/ui/time';
import type { BuildResource } from '@/lib/browser/types';
import { buildWords } from '@/lib/format/builds';

/** "iOS 2.14.0 (1402)", or what of it is known. */
export function buildName({ attributes, meta }: BuildResource): string {
  return buildWords({ ...meta, version: attributes?.version });
}

/** When a build ends, or that it has; `isNamed` where no head of a column says what the time is. */
export function Expiry({ build, isNamed = false }: { build: BuildResource; isNamed?: boolean }) {
  const { expired, expirationDate } = build.attributes ?? {};
  if (expired) return <span className="text-ink-faint">Expired</span>;
  return (
    <>
      <span className={isNamed ? undefined : 'sm:hidden'}>Expires </span>
      <Time at={expirationDate} isInDays />
    </>
  );
}
