'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { TextField } from '@/components/ui/field';
import { ErrorState } from '@/components/ui/late-error';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { toastError } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import { type Known, personExportMutation, personOptions } from '@/lib/browser/person';
import { PersonAtApple } from './person-at-apple';
import { PersonErasures } from './person-erasures';
import { PersonKinds } from './person-kinds';

const EraseDialog = onDemand(() => import('./erase-person'));

/** What is known of somebody by their address: to be told, to be taken along, to be erased. */
export function PersonPage() {
  const mayDo = useMay('persons:write');
  const [address, setAddress] = useState('');
  const { data, error, refetch, isFetching } = useQuery(personOptions(mayDo ? address : ''));
  const badAddress = error instanceof ApiError ? error.detailFor('address') : undefined;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = String(new FormData(event.currentTarget).get('address')).trim();
    if (given === address) void refetch();
    else setAddress(given);
  };
  if (!mayDo) return <EmptyState title="Only admins see what is known of a person" />;
  return (
    <div className="grid gap-8">
      <form onSubmit={submit} className="grid max-w-md gap-4" noValidate>
        <TextField
          label="E-mail address of a tester"
          name="address"
          type="email"
          autoComplete="off"
          required
          hint="Everything that is kept of whoever has this address, in all apps and keys."
          error={badAddress}
        />
        <div>
          <Button type="submit" variant="primary" busy={isFetching}>
            Look up
          </Button>
        </div>
      </form>
      <div aria-live="polite" className="grid gap-8">
        {address === '' || badAddress ? null : error ? (
          <ErrorState title="It could not be looked up" error={error} onRetry={() => void refetch()} />
        ) : data ? (
          <Found key={address} known={data.data} />
        ) : (
          <ListSkeleton rows={4} />
        )}
      </div>
    </div>
  );
}

function Found({ known }: { known: Known }) {
  const [isErasing, setErasing] = useState(false);
  const download = useMutation(personExportMutation());
  const { address, kinds, erasures } = known;
  const isRunning = erasures.some(({ state }) => state === 'running');
  const isNothing = kinds.length === 0;
  const mayErase = !isRunning && (kinds.some(({ isApples }) => !isApples) || erasures.length === 0);
  return (
    <>
      {isNothing && erasures.length === 0 ? (
        <EmptyState title="Nothing is known of this person">
          No tester, report, note, job or entry of the activity has the address.
        </EmptyState>
      ) : null}
      {isNothing ? null : (
        <PersonKinds
          known={known}
          actions={
            <>
              <Button
                busy={download.isPending}
                onClick={() =>
                  download.mutate(address, {
                    onSuccess: (href) => location.assign(href),
                    onError: (failure) => void toastError('The export was not prepared', failure),
                  })
                }
              >
                Export
              </Button>
              {mayErase ? (
                <Button variant="danger" onClick={() => setErasing(true)}>
                  Erase…
                </Button>
              ) : null}
            </>
          }
        />
      )}
      <PersonErasures erasures={erasures} />
      <PersonAtApple atApple={known.atApple} />
      {isErasing ? <EraseDialog known={known} onClose={() => setErasing(false)} /> : null}
    </>
  );
}
