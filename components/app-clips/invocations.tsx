'use client';

import { useQuery } from '@tanstack/react-query';
import { ArrowDownToLine, ArrowUpFromLine, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button, IconButton } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { toastError } from '@/components/ui/toast';
import { invocationsOptions } from '@/lib/browser/app-clips';
import { languageName } from '@/lib/format/languages';
import { type Clip, type Invocation, invocationsOf, MOST_INVOCATIONS } from './clips';
import { useClipChanges } from './use-changes';

const InvocationDialog = onDemand(() => import('./invocation-dialog'));
const CopyDialog = onDemand(() => import('./copy-dialog'));
const RemoveDialog = onDemand(() => import('@/components/ui/remove-dialog'));

type Open =
  | { readonly kind: 'edit'; readonly invocation: Invocation | null }
  | { readonly kind: 'delete'; readonly invocation: Invocation }
  | { readonly kind: 'to' | 'from' };

/** The addresses that testers of a build's App Clip are offered in TestFlight. */
export function Invocations({ clip, clips, appId }: { clip: Clip; clips: readonly Clip[]; appId: string }) {
  const { data, error, refetch } = useQuery(invocationsOptions(clip.bundleId));
  const mayWrite = useMay('programme:write');
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  if (error && !data)
    return (
      <ErrorState title="The addresses could not be loaded" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <ListSkeleton />;
  const invocations = invocationsOf(data);
  const isFull = invocations.length >= MOST_INVOCATIONS;
  const others = clips.filter(({ bundleId }) => bundleId !== clip.bundleId);
  return (
    <Section
      title="Addresses for testers"
      action={
        mayWrite ? (
          <span className="flex flex-wrap gap-2">
            {others.length > 0 && invocations.length > 0 ? (
              <Button
                icon={<ArrowUpFromLine size={14} aria-hidden />}
                onClick={() => setOpen({ kind: 'to' })}
              >
                Copy to another build…
              </Button>
            ) : null}
            {others.length > 0 && !isFull ? (
              <Button
                icon={<ArrowDownToLine size={14} aria-hidden />}
                onClick={() => setOpen({ kind: 'from' })}
              >
                Copy from another build…
              </Button>
            ) : null}
            <Button
              variant="primary"
              icon={<Plus size={14} aria-hidden />}
              disabled={isFull}
              onClick={() => setOpen({ kind: 'edit', invocation: null })}
            >
              Add an address
            </Button>
          </span>
        ) : null
      }
    >
      <p className="text-ink-soft text-sm">
        TestFlight offers them to testers of {clip.build}, each by its title. {invocations.length} of{' '}
        {MOST_INVOCATIONS} are used{isFull ? ': delete one to add another' : ''}. As of{' '}
        <Time at={data.meta?.fetchedAt} />
        {data.meta?.stale ? ', since App Store Connect cannot be asked now' : ''}.
      </p>
      <ul aria-label="Addresses" className="grid divide-y border-y empty:hidden">
        {invocations.map((one) => (
          <li key={one.id} className="flex items-start gap-3 py-3">
            <div className="grid min-w-0 flex-1 gap-1 text-sm">
              <bdi className="break-all font-medium">{one.url || 'No address'}</bdi>
              {one.titles.map(({ id, locale, title }) => (
                <span key={id} className="flex flex-wrap gap-x-2">
                  <Name>{title}</Name>
                  <span className="text-ink-soft">{languageName(locale)}</span>
                </span>
              ))}
            </div>
            {mayWrite ? (
              <>
                <IconButton
                  label={`Edit ${one.url}`}
                  onClick={() => setOpen({ kind: 'edit', invocation: one })}
                >
                  <Pencil size={14} aria-hidden />
                </IconButton>
                <IconButton
                  label={`Delete ${one.url}`}
                  onClick={() => setOpen({ kind: 'delete', invocation: one })}
                >
                  <Trash2 size={14} aria-hidden />
                </IconButton>
              </>
            ) : null}
          </li>
        ))}
      </ul>
      {invocations.length === 0 ? (
        <p className="text-ink-soft text-sm">
          No address yet: testers have no way to open the App Clip from TestFlight.
        </p>
      ) : null}
      {open?.kind === 'edit' ? (
        <InvocationDialog
          clip={clip}
          appId={appId}
          others={invocations.filter(({ id }) => id !== open.invocation?.id)}
          invocation={open.invocation}
          onClose={close}
        />
      ) : null}
      {open?.kind === 'to' || open?.kind === 'from' ? (
        <CopyDialog direction={open.kind} clip={clip} others={others} appId={appId} onClose={close} />
      ) : null}
      {open?.kind === 'delete' ? (
        <Deletion clip={clip} appId={appId} invocation={open.invocation} onClose={close} />
      ) : null}
    </Section>
  );
}

function Deletion({
  clip,
  appId,
  invocation,
  onClose,
}: {
  clip: Clip;
  appId: string;
  invocation: Invocation;
  onClose: () => void;
}) {
  const { isBusy, send, sendAll } = useClipChanges(appId);
  const remove = async () => {
    const [refused] = await sendAll(
      [{ kind: 'delete' as const, id: invocation.id, expect: invocation.url }],
      (change) => send(change, invocation, clip.bundleId),
      () => 'Address deleted',
    );
    if (refused) void toastError('The address is still there', refused.error);
    onClose();
  };
  return (
    <RemoveDialog
      title="Delete this address?"
      description={
        <>
          Testers of {clip.build} can no longer open{' '}
          <bdi className="break-all text-ink">{invocation.url}</bdi> from TestFlight. Its titles go with it.
        </>
      }
      verb="Delete address"
      busy={isBusy}
      onClose={onClose}
      onRemove={() => void remove()}
    />
  );
}
