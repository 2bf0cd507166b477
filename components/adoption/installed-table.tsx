import Link from 'next/link';
import { useState } from 'react';
import { useAppBase } from '@/components/shell/use-app-base';
import { Button } from '@/components/ui/button';
import { FigureHead } from '@/components/ui/figure-head';
import { Section } from '@/components/ui/section';
import { Badge } from '@/components/ui/status';
import type { Installed } from '@/lib/browser/adoption';
import { installedWords } from '@/lib/format/builds';
import { formatCount, formatPlural, formatShare } from '@/lib/format/numbers';

const AT_FIRST = 15;
/** The bars of the shares take what a phone has not. */
const FIGURES = [
  { name: 'Testers', className: 'w-24' },
  { name: 'Devices', className: 'w-24 sm:w-64' },
];

/** How many devices run which build, newest first, each with its share. */
export function InstalledTable({
  installed,
  devices,
  appId,
}: {
  installed: readonly Installed[];
  devices: number;
  appId: string;
}) {
  const [isWhole, setWhole] = useState(false);
  const base = useAppBase(appId);
  const shown = isWhole ? installed : installed.slice(0, AT_FIRST);
  if (installed.length === 0)
    return (
      <Section title="Builds on devices">
        <p className="text-ink-soft text-sm">Nobody has installed a build yet.</p>
      </Section>
    );
  return (
    <Section title="Builds on devices">
      <table className="w-full table-fixed text-sm">
        <FigureHead first="Build" others={FIGURES} />
        <tbody>
          {shown.map((row) => (
            <tr key={`${row.platform} ${row.number}`} className="border-b last:border-b-0">
              <th scope="row" className="py-2 pr-3 text-left font-normal">
                <BuildCell row={row} base={base} />
              </th>
              <td className="pl-3 text-right tabular-nums">
                {row.number !== null ? (
                  <Link
                    href={`${base}/testers?${withBuild(row.number, row.platform)}`}
                    prefetch={false}
                    aria-label={`${formatPlural(row.testers, 'tester')} with ${installedWords(row, row.builds)}`}
                    className="rounded-sm text-accent-ink underline max-sm:py-2"
                  >
                    {formatCount(row.testers)}
                  </Link>
                ) : (
                  formatCount(row.testers)
                )}
              </td>
              <td className="pl-3">
                <Share part={row.devices} whole={devices} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < installed.length ? (
        <Button size="sm" className="justify-self-start" onClick={() => setWhole(true)}>
          Show {formatPlural(installed.length - shown.length, 'more build')}
        </Button>
      ) : null}
    </Section>
  );
}

/** Two platforms may carry the same number. */
function withBuild(number: string, platform: string | null): URLSearchParams {
  return new URLSearchParams({
    installedBuild: number,
    ...(platform === null ? {} : { devicePlatform: platform }),
  });
}

/** A build that is certain leads to its page; several that share a number lead each to its own. */
function BuildCell({ row, base }: { row: Installed; base: string }) {
  const [only, ...others] = row.builds;
  const words = installedWords(row, row.builds);
  const hrefOf = (id: string) => `${base}/builds/${encodeURIComponent(id)}`;
  if (only && others.length === 0)
    return (
      <span className="inline-flex flex-wrap items-center gap-x-2">
        <Link href={hrefOf(only.id)} prefetch={false} className="rounded-sm hover:underline">
          {words}
        </Link>
        {only.isExpired ? <Badge>Expired</Badge> : null}
      </span>
    );
  return (
    <span className="text-ink-soft">
      {words}
      {row.builds.length > 0 ? (
        <span className="mt-1 flex flex-wrap gap-x-3">
          {row.builds.map((build) => (
            <Link
              key={build.id}
              href={hrefOf(build.id)}
              prefetch={false}
              className="rounded-sm text-accent-ink underline"
            >
              See {build.trainVersion ?? 'the one without a version'}
            </Link>
          ))}
        </span>
      ) : null}
    </span>
  );
}

/** A part of all, as a bar and in figures. */
function Share({ part, whole }: { part: number; whole: number }) {
  return (
    <span className="flex items-center justify-end gap-3 tabular-nums">
      <span aria-hidden className="h-1.5 flex-1 overflow-hidden rounded-full bg-active max-sm:hidden">
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: whole === 0 ? 0 : `${(100 * part) / whole}%` }}
        />
      </span>
      <span className="shrink-0 text-right sm:w-24">
        {formatCount(part)} <span className="text-ink-soft">({formatShare(part, whole)})</span>
      </span>
    </span>
  );
}
