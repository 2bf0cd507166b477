'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { type AppHealth, type Light, type LightGroup, lightsOptions } from '@/lib/browser/lights';
import { appWords, homeOf } from '@/lib/format/app-address';
import { manyLights } from '@/lib/format/light-words';
import { formatCount } from '@/lib/format/numbers';
import { LightRow } from './light-row';

/** Fewer of a kind stand for themselves. */
const HEADED_FROM = 3;

/** Everything that wants somebody, the gravest first; many of a kind under one head. */
export function LightGroups({
  groups,
  apps,
  account,
  onSnooze,
}: {
  groups: readonly LightGroup[];
  apps: readonly AppHealth[];
  account: string | null;
  onSnooze: ((light: Light) => void) | undefined;
}) {
  const byApp = new Map(apps.map((app) => [`${app.accountId} ${app.appId}`, app]));
  return (
    <ul data-list="" className="grid gap-1 border-y py-1">
      {groups.map((group) => (
        <Group key={`${group.kind} ${group.level}`} {...{ group, byApp, account, onSnooze }} />
      ))}
    </ul>
  );
}

function Group({
  group,
  byApp,
  account,
  onSnooze,
}: {
  group: LightGroup;
  byApp: ReadonlyMap<string, AppHealth>;
  account: string | null;
  onSnooze: ((light: Light) => void) | undefined;
}) {
  const { kind, level, rule, total, lights } = group;
  const [isWhole, setWhole] = useState(false);
  const { data } = useQuery({ ...lightsOptions({ account, kind, level }), enabled: isWhole });
  const isHeaded = total >= HEADED_FROM;
  const shown = isWhole && data ? data.data : isHeaded ? lights.slice(0, HEADED_FROM) : lights;
  const rows = shown.map((light) => (
    <Row key={light.key} {...{ light, byApp, onSnooze }} rule={isHeaded ? undefined : rule} />
  ));
  if (!isHeaded) return rows;
  return (
    <li className="grid gap-1 py-1">
      <div className="flex flex-wrap items-baseline gap-x-3 px-2 text-sm">
        <h3 className="font-medium">{manyLights(kind, total)}</h3>
        <p className="min-w-0 text-ink-soft text-xs">{rule}</p>
      </div>
      <ul>{rows}</ul>
      {total > HEADED_FROM ? (
        <div>
          <Button
            variant="ghost"
            size="sm"
            aria-expanded={isWhole}
            busy={isWhole && !data}
            onClick={() => setWhole(!isWhole)}
          >
            {isWhole ? 'Show fewer' : `Show all ${formatCount(total)}`}
          </Button>
        </div>
      ) : null}
    </li>
  );
}

function Row({
  light,
  byApp,
  rule,
  onSnooze,
}: {
  light: Light;
  byApp: ReadonlyMap<string, AppHealth>;
  rule: string | undefined;
  onSnooze: ((light: Light) => void) | undefined;
}) {
  const app = byApp.get(`${light.accountId} ${light.appId}`);
  return (
    <LightRow
      light={light}
      home={homeOf(light.appId ?? '', app)}
      appName={app && appWords(app.name ?? '', app.accountName)}
      rule={rule}
      onSnooze={onSnooze}
    />
  );
}
