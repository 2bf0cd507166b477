'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Badge } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { toast, toastError } from '@/components/ui/toast';
import { useDo } from '@/components/ui/use-do';
import { revokeTokenMutation, tokensOptions } from '@/lib/browser/settings';
import type { TokenView } from '@/lib/browser/types';
import { TOKEN_WORDS } from './token-words';

const TokenDialog = onDemand(() => import('./token-dialog'));
const RevokeDialog = onDemand(() => import('./revoke-token'));

/** What build machines prove themselves with. */
export function TokensPage() {
  const { data, error, refetch } = useQuery(tokensOptions());
  const [isMaking, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<TokenView | null>(null);
  const revoke = useMutation(revokeTokenMutation());
  useDo('add', () => setMaking(true));
  if (error && !data)
    return <ErrorState title="The tokens could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton rows={3} />;
  const make = (
    <Button variant="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>
      Make a token
    </Button>
  );
  return (
    <div className="grid gap-4">
      {data.data.length === 0 ? (
        <EmptyState title="No tokens yet" action={make}>
          A build machine asks Flightdeck with a token of its own, for example whether a build has new crash
          issues before it goes to more testers.
        </EmptyState>
      ) : (
        <>
          <ul className="grid divide-y border-y">
            {data.data.map((token) => (
              <TokenRow key={token.id} token={token} onRevoke={setRevoking} />
            ))}
          </ul>
          <div>{make}</div>
        </>
      )}
      {isMaking ? <TokenDialog onClose={() => setMaking(false)} /> : null}
      {revoking ? (
        <RevokeDialog
          token={revoking}
          busy={revoke.isPending}
          onClose={() => setRevoking(null)}
          onRevoke={() =>
            revoke.mutate(revoking.id, {
              onSuccess: () => void toast({ title: `The token “${revoking.name}” is worth nothing now` }),
              onError: (failure) => void toastError('The token was not revoked', failure),
              onSettled: () => setRevoking(null),
            })
          }
        />
      ) : null}
    </div>
  );
}

function TokenRow({ token, onRevoke }: { token: TokenView; onRevoke: (token: TokenView) => void }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
      <div className="min-w-0">
        <p className="flex items-center gap-2 font-medium">
          <Name className="truncate">{token.name}</Name>
          <code className="font-mono text-ink-soft text-xs">…{token.ending}</code>
          {token.state === 'valid' ? null : (
            <Badge>{token.state === 'expired' ? 'Expired' : 'Revoked'}</Badge>
          )}
        </p>
        <p className="text-ink-soft text-sm">
          {token.permissions.map((each) => TOKEN_WORDS[each]).join(', ')} ·{' '}
          {token.appName === null ? 'all apps' : <Name>{token.appName}</Name>}
        </p>
        <p className="text-ink-soft text-sm">
          Made <Time at={token.createdAt} />
          {token.createdBy ? (
            <>
              {' '}
              by <Name>{token.createdBy}</Name>
            </>
          ) : null}
          {' · '}
          {token.lastUsedAt ? (
            <>
              used <Time at={token.lastUsedAt} />
            </>
          ) : (
            'never used'
          )}
          {' · '}
          {token.state === 'expired' ? 'expired' : 'expires'} <Time at={token.expiresAt} />
        </p>
      </div>
      {token.state === 'valid' ? (
        <Button variant="ghost" onClick={() => onRevoke(token)} aria-label={`Revoke ${token.name}`}>
          Revoke
        </Button>
      ) : null}
    </li>
  );
}
