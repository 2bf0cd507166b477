'use client';

import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { useDo } from '@/components/ui/use-do';
import { accountsOptions } from '@/lib/browser/settings';
import type { Account } from '@/lib/browser/types';
import { label } from '@/lib/format/labels';
import { mostUrgentFirst, type OurState, ourTone } from '@/lib/format/tones';
import type { KeyDialog } from './key-dialog';

const KeyDialogs = onDemand(() => import('./key-dialogs'));

const STATUS: Readonly<Record<string, string>> = {
  ok: 'Works',
  unauthorized: 'Refused by App Store Connect',
  forbidden: 'Role too low',
  agreement_missing: 'Agreement missing',
  clock_skew: 'Clock of this server is wrong',
  unreachable: 'App Store Connect cannot be reached',
  server: 'App Store Connect answers with errors',
  incomplete: 'Works, but a list cannot be read to its end',
};

const keyTone = ({ status }: Account) => ourTone(`key.${status}` as OurState);

/** The App Store Connect keys: what state each is in, add, replace, remove. */
export function KeysPage() {
  const { data, error, refetch } = useQuery(accountsOptions());
  const mayWrite = useMay('accounts:write');
  const [dialog, setDialog] = useState<KeyDialog | null>(null);
  useDo('add', () => setDialog(mayWrite ? { kind: 'add' } : null));
  if (error && !data)
    return <ErrorState title="The keys could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton rows={3} />;
  const add = mayWrite ? (
    <Button
      variant="primary"
      icon={<KeyRound size={14} aria-hidden />}
      onClick={() => setDialog({ kind: 'add' })}
    >
      Add a key
    </Button>
  ) : null;
  return (
    <div className="grid gap-4">
      {data.data.length === 0 ? (
        <EmptyState title="No App Store Connect key yet" action={add}>
          Flightdeck reads and changes your programme with a key of App Store Connect. The role App Manager is
          enough.
        </EmptyState>
      ) : (
        <>
          <ul className="grid divide-y border-y">
            {mostUrgentFirst(data.data, keyTone).map((account) => (
              <KeyRow key={account.id} account={account} mayWrite={mayWrite} onDialog={setDialog} />
            ))}
          </ul>
          <div>{add}</div>
        </>
      )}
      {dialog ? <KeyDialogs dialog={dialog} onClose={() => setDialog(null)} /> : null}
    </div>
  );
}

function KeyRow({
  account,
  mayWrite,
  onDialog,
}: {
  account: Account;
  mayWrite: boolean;
  onDialog: (dialog: KeyDialog) => void;
}) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
      <div className="min-w-0">
        <p className="truncate font-medium">
          <Name>{account.name}</Name>
        </p>
        <p className="text-ink-soft text-sm">
          {label(account.kind)} <span className="font-mono text-xs">{account.keyId}</span> · added{' '}
          <Time at={account.createdAt} />
        </p>
        <p className="mt-1 text-sm">
          <Status tone={keyTone(account)}>{STATUS[account.status] ?? account.status}</Status>
          {account.statusAt && account.status !== 'ok' ? (
            <span className="text-ink-soft">
              {' '}
              since <Time at={account.statusAt} />
            </span>
          ) : null}
        </p>
        {account.statusDetail && account.status !== 'ok' ? (
          <p className="text-ink-soft text-sm">{account.statusDetail}</p>
        ) : null}
      </div>
      {mayWrite ? (
        <div className="flex gap-2">
          <Button onClick={() => onDialog({ kind: 'replace', account })}>Replace key</Button>
          <Button variant="ghost" onClick={() => onDialog({ kind: 'remove', account })}>
            Remove
          </Button>
        </div>
      ) : null}
    </li>
  );
}
