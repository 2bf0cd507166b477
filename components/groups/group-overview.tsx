'use client';

import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { Section } from '@/components/ui/section';
import type { GroupResource } from '@/lib/browser/types';
import { formatCount } from '@/lib/format/numbers';
import { criteriaSentence } from '@/lib/format/recruitment';
import { FillBar, fillOf } from './fill-bar';
import { GroupSettings } from './group-settings';
import type { GroupTab } from './group-tab-names';
import { LastActivity } from './last-activity';
import { LiveComparison } from './live-comparison';

/** What a group is, at a glance, with its switches. */
export function GroupOverview({
  group,
  appName,
  onShow,
}: {
  group: GroupResource;
  appName: string;
  onShow: (tab: GroupTab) => void;
}) {
  return (
    <div className="grid gap-8 lg:grid-cols-2">
      <div className="grid content-start gap-6">
        <Facts group={group} appName={appName} onShow={onShow} />
        <LiveComparison group={group} />
      </div>
      <div className="grid content-start gap-6">
        <LinkCard group={group} onShow={onShow} />
        <GroupSettings group={group} />
      </div>
    </div>
  );
}

function Facts({
  group,
  appName,
  onShow,
}: {
  group: GroupResource;
  appName: string;
  onShow: (tab: GroupTab) => void;
}) {
  const { attributes, meta } = group;
  const jump = (tab: GroupTab, words: string) => (
    <button
      type="button"
      onClick={() => onShow(tab)}
      className="-mx-1 min-h-7 min-w-7 rounded-sm px-1 text-right text-accent-ink tabular-nums underline-offset-2 hover:underline"
    >
      {words}
    </button>
  );
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['App', <Name key="app">{appName}</Name>],
    ['Kind', attributes?.isInternalGroup ? 'Internal, for your team' : 'External'],
    ['Testers', jump('testers', formatCount(meta?.testerCount))],
    [
      'Builds',
      jump('builds', attributes?.hasAccessToAllBuilds ? 'All builds' : formatCount(meta?.buildCount)),
    ],
    ['Last activity', <LastActivity key="activity" group={group} />],
  ];
  return (
    <Section title="At a glance">
      <dl className="grid text-sm">
        {facts.map(([term, value]) => (
          <div
            key={term}
            className="flex min-h-9 items-center justify-between gap-4 border-b last:border-b-0"
          >
            <dt className="text-ink-soft">{term}</dt>
            <dd className="min-w-0 text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function LinkCard({ group, onShow }: { group: GroupResource; onShow: (tab: GroupTab) => void }) {
  const { isInternalGroup, publicLinkEnabled } = group.attributes ?? {};
  const { used, limit } = fillOf(group);
  const sentence = criteriaSentence(group.meta?.criteria?.deviceFamilyOsVersionFilters);
  return (
    <Section
      title="Public link"
      action={
        isInternalGroup ? null : (
          <Button size="sm" onClick={() => onShow('link')}>
            Open public link
          </Button>
        )
      }
    >
      {isInternalGroup ? (
        <p className="text-ink-soft text-sm">
          Internal groups have no public link: they are for people of your App Store Connect team.
        </p>
      ) : (
        <div className="grid gap-2 text-sm">
          <p>{publicLinkEnabled ? 'On: anybody with the link can join.' : 'Off: nobody can join by link.'}</p>
          {publicLinkEnabled && limit !== null && used !== null ? (
            <div className="flex items-center gap-3">
              <FillBar used={used} limit={limit} className="w-40" />
              <span className="tabular-nums">
                {formatCount(used)} of {formatCount(limit)} places taken
              </span>
            </div>
          ) : null}
          <p className="text-ink-soft">
            {sentence ? `Only for ${sentence}.` : 'No recruitment criteria: any device and system.'}
          </p>
        </div>
      )}
    </Section>
  );
}
