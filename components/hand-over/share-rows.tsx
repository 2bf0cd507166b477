'use client';

import { useMutation } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Name } from '@/components/ui/name';
import { Badge } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { toast, toastError } from '@/components/ui/toast';
import { revokeShareMutation, type ShareView } from '@/lib/browser/shares';
import { formatPlural } from '@/lib/format/numbers';

/** What is told of a share link, and the way to end it. */
export function ShareRow({ share, children }: { share: ShareView; children?: React.ReactNode }) {
  const revoke = useMutation(revokeShareMutation());
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
      <span className="min-w-0 text-sm">
        {children}
        <span className="block text-ink-soft text-xs">
          Share link{share.hasPictures ? ' with pictures' : ''} · made <Time at={share.createdAt} />
          {share.createdBy ? (
            <>
              {' '}
              by <Name>{share.createdBy}</Name>
            </>
          ) : null}{' '}
          ·{' '}
          {share.openedAt ? (
            <>
              opened {formatPlural(share.opened, 'time')}, last <Time at={share.openedAt} />
            </>
          ) : (
            'not opened yet'
          )}{' '}
          · {share.state === 'expired' ? 'expired' : 'expires'} <Time at={share.expiresAt} />
        </span>
      </span>
      {share.state === 'valid' ? (
        <Button
          size="sm"
          variant="ghost"
          busy={revoke.isPending}
          onClick={() =>
            revoke.mutate(share.id, {
              onSuccess: () => void toast({ title: 'The link opens nothing any more' }),
              onError: (error) => void toastError('The link was not revoked', error),
            })
          }
        >
          Revoke
        </Button>
      ) : (
        <Badge>{share.state === 'expired' ? 'Expired' : 'Revoked'}</Badge>
      )}
    </li>
  );
}
