import Link from 'next/link';
import { useAppBase } from '@/components/shell/use-app-base';
import { FigureHead } from '@/components/ui/figure-head';
import { Name } from '@/components/ui/name';
import { Section } from '@/components/ui/section';
import type { Asked, GroupRow } from '@/lib/browser/metrics';
import { formatCount, formatShare } from '@/lib/format/numbers';
import { CsvLink } from './csv-link';
import { rangeWords } from './day-words';

/** How many of each group were active in the newest week that was read. */
export function GroupsTable({ groups, asked }: { groups: readonly GroupRow[]; asked: Asked }) {
  const base = useAppBase(asked.appId ?? '');
  if (groups.length === 0) return null;
  return (
    <Section title="By group" action={<CsvLink of="groups" what="By group" asked={asked} />}>
      {/* A table that scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as said above */}
      <section aria-label="By group" tabIndex={0} className="max-h-96 overflow-auto">
        <table className="w-full text-sm">
          <FigureHead
            first="Group"
            others={['Testers', 'Active', 'Sessions', 'Crashes', 'In'].map((name) => ({ name }))}
          />
          <tbody>
            {groups.map((group) => (
              <tr key={group.groupId} className="border-b last:border-b-0">
                <th scope="row" className="h-9 whitespace-nowrap pr-3 text-left font-normal">
                  <Link
                    href={`${base}/groups/${encodeURIComponent(group.groupId)}`}
                    prefetch={false}
                    className="rounded-sm hover:underline"
                  >
                    <Name>{group.name}</Name>
                  </Link>
                </th>
                <td className="pl-3 text-right tabular-nums">{formatCount(group.testers)}</td>
                <td className="whitespace-nowrap pl-3 text-right tabular-nums">
                  {formatCount(group.activeTesters)}{' '}
                  <span className="text-ink-soft">
                    ({formatShare(group.activeTesters ?? 0, group.testers ?? 0)})
                  </span>
                </td>
                <td className="pl-3 text-right tabular-nums">{formatCount(group.sessionCount)}</td>
                <td className="pl-3 text-right tabular-nums">{formatCount(group.crashCount)}</td>
                <td className="whitespace-nowrap pl-3 text-right text-ink-soft">
                  {rangeWords({ from: group.start, to: group.end })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="max-w-3xl text-ink-soft text-sm">
        Testers with a session within the seven days that App Store Connect told of last; who is in several
        groups counts in each.
      </p>
    </Section>
  );
}
