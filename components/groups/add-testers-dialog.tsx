'use client';

import { useTesterTargets } from '@/components/people/target-lists';
import { State } from '@/components/programme/state';
import { Name } from '@/components/ui/name';
import type { GroupResource } from '@/lib/browser/types';
import { isolated } from '@/lib/format/isolated';
import { formatPlural } from '@/lib/format/numbers';
import { personName } from '@/lib/format/people';
import { AddDialog } from './add-dialog';

/** Adds people who test the app already to a group. */
export default function AddTestersDialog({
  group,
  appId,
  onClose,
}: {
  group: GroupResource;
  appId: string;
  onClose: () => void;
}) {
  const found = useTesterTargets(appId);
  return (
    <AddDialog
      group={group}
      name="betaTesters"
      noun="tester"
      description={
        group.attributes?.isInternalGroup
          ? 'People who test the app already. An internal group takes only people of your App Store Connect team.'
          : 'People who test the app already. New people are invited under Testers.'
      }
      label="Search by name or e-mail"
      nothing="No tester of the app matches."
      targets={found}
      done={(count) =>
        `${formatPlural(count, 'tester')} added to ${isolated(group.attributes?.name ?? 'the group')}`
      }
      onClose={onClose}
      choices={found.rows.map((tester) => ({
        id: tester.id,
        label: [personName(tester.attributes ?? {}), tester.attributes?.email].filter(Boolean).join(', '),
        unable: (tester.meta?.groups ?? []).some(({ id }) => id === group.id) ? 'In the group' : undefined,
        content: (
          <span className="flex items-center gap-3">
            <span className="min-w-0 flex-1 truncate max-sm:grid">
              <Name className="truncate font-medium">{personName(tester.attributes ?? {})}</Name>{' '}
              <bdi className="truncate text-ink-soft">{tester.attributes?.email}</bdi>
            </span>
            <span className="w-28 shrink-0 text-ink-soft max-sm:hidden">
              <State value={tester.attributes?.state} />
            </span>
          </span>
        ),
      }))}
    />
  );
}
