'use client';

import { useState } from 'react';
import { AddButton, LinkedRow } from '@/components/programme/linked-rows';
import { useMay } from '@/components/shell/known';
import { useAppBase } from '@/components/shell/use-app-base';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { Badge } from '@/components/ui/status';
import { toastError } from '@/components/ui/toast';
import { whenReachable } from '@/lib/browser/reach';
import type { Access } from '@/lib/browser/tester-access';
import type { TesterPage } from '@/lib/browser/testers';
import type { TesterResource } from '@/lib/browser/types';
import { accessName, useTesterAccess } from './use-tester-access';

const loadDialog = whenReachable(() => import('./access-dialog'));
const AccessDialog = onDemand(loadDialog);

/** The groups a tester is in and the builds given one by one: all the ways to a build. */
export function TesterAccess({
  tester,
  appId,
  own,
}: {
  tester: TesterResource;
  appId: string;
  own: TesterPage | undefined;
}) {
  const mayWrite = useMay('testers:write');
  const base = useAppBase(appId);
  const groups = tester.meta?.groups ?? [];
  const builds = own?.builds ?? [];
  const ways = groups.length + builds.length;
  const [adding, setAdding] = useState<Access['kind'] | null>(null);
  const { run } = useTesterAccess({ appId, testerId: tester.id, ways });
  const take = (access: Access) =>
    void run({ access, change: 'remove' }).catch((error: unknown) =>
      toastError(`${accessName(access)} could not be taken away`, error),
    );
  return (
    <div className="grid gap-8 md:grid-cols-2">
      <Section
        title="Groups"
        action={
          mayWrite ? (
            <AddButton load={loadDialog} onAdd={() => setAdding('group')}>
              Add to a group
            </AddButton>
          ) : null
        }
      >
        {groups.length === 0 ? <p className="text-ink-soft text-sm">In no group.</p> : null}
        <ul className="grid divide-y">
          {groups.map((group) => (
            <LinkedRow
              key={group.id}
              href={`${base}/groups/${encodeURIComponent(group.id)}`}
              badge={group.isInternalGroup ? <Badge>Internal</Badge> : null}
              takeLabel={`Remove from ${group.name ?? 'the group'}`}
              onTake={mayWrite ? () => take({ kind: 'group', group }) : undefined}
            >
              <Name>{group.name}</Name>
            </LinkedRow>
          ))}
        </ul>
      </Section>
      <Section
        title="Individual builds"
        action={
          mayWrite ? (
            <AddButton load={loadDialog} onAdd={() => setAdding('build')}>
              Give a build
            </AddButton>
          ) : null
        }
      >
        {builds.length === 0 ? (
          <p className="text-ink-soft text-sm">None. Builds come through the groups.</p>
        ) : null}
        <ul className="grid divide-y">
          {builds.map((build) => {
            const name = accessName({ kind: 'build', build });
            return (
              <LinkedRow
                key={build.id}
                href={`${base}/builds/${encodeURIComponent(build.id)}`}
                badge={build.expired ? <Badge>Expired</Badge> : null}
                takeLabel={`Take ${name} away`}
                onTake={mayWrite ? () => take({ kind: 'build', build }) : undefined}
              >
                {name}
              </LinkedRow>
            );
          })}
        </ul>
      </Section>
      {adding ? (
        <AccessDialog
          kind={adding}
          appId={appId}
          testerId={tester.id}
          held={(adding === 'group' ? groups : builds).map(({ id }) => id)}
          ways={ways}
          onClose={() => setAdding(null)}
        />
      ) : null}
    </div>
  );
}
