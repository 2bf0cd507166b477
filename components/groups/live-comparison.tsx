'use client';

import { useMutation } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { Refusal } from '@/components/ui/error-state';
import { Section } from '@/components/ui/section';
import { liveGroup } from '@/lib/browser/live-group';
import type { GroupResource } from '@/lib/browser/types';
import { formatCount } from '@/lib/format/numbers';
import { criteriaSentence } from '@/lib/format/recruitment';

/** Sets what Flightdeck holds of a group beside what App Store Connect says now, when somebody asks. */
export function LiveComparison({ group }: { group: GroupResource }) {
  const mayAsk = useMay('apple:read');
  const ask = useMutation({ mutationFn: () => liveGroup(group.id), meta: { stale: ['betaGroups'] } });
  if (!mayAsk) return null;
  const { data } = ask;
  const { attributes, meta } = group;
  const words = (filters: Parameters<typeof criteriaSentence>[0]) => criteriaSentence(filters) || 'None';
  const rows = data
    ? [
        [
          'App',
          meta?.appId === data.appId ? (data.appName ?? '–') : (meta?.appId ?? '–'),
          data.appName ?? '–',
        ],
        ['Testers', formatCount(meta?.testerCount), formatCount(data.testerCount)],
        [
          'Builds',
          attributes?.hasAccessToAllBuilds ? formatCount(data.buildCount) : formatCount(meta?.buildCount),
          formatCount(data.buildCount),
        ],
        ['Criteria', words(meta?.criteria?.deviceFamilyOsVersionFilters), words(data.filters)],
      ]
    : [];
  return (
    <Section
      title="Compared with App Store Connect"
      action={
        <Button
          size="sm"
          icon={<RefreshCw size={13} aria-hidden />}
          busy={ask.isPending}
          onClick={() => ask.mutate()}
        >
          Check now
        </Button>
      }
    >
      <Refusal error={ask.error} />
      {data ? (
        <table className="w-full table-fixed text-sm">
          <thead>
            <tr className="border-b text-left text-ink-soft">
              <th scope="col" className="h-8 w-20 font-medium">
                <span className="sr-only">What</span>
              </th>
              <th scope="col" className="font-medium">
                Here
              </th>
              <th scope="col" className="font-medium">
                App Store Connect
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([what, here, there]) => (
              <tr key={what} className="border-b align-top last:border-b-0">
                <th scope="row" className="py-2 text-left font-normal text-ink-soft">
                  {what}
                </th>
                <td className="py-2 pr-3 tabular-nums">
                  <bdi>{here}</bdi>
                </td>
                <td
                  className={
                    here === there ? 'py-2 tabular-nums' : 'py-2 font-medium text-attention tabular-nums'
                  }
                >
                  <bdi>{there}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : ask.error ? null : (
        <p className="text-ink-soft text-sm">
          Lists show Flightdeck’s copy. This reads the group afresh and counts its testers and builds one by
          one.
        </p>
      )}
      {data?.hasCompatibleBuild === false ? (
        <p className="text-attention text-sm">No build of the group runs on what the criteria admit.</p>
      ) : null}
    </Section>
  );
}
