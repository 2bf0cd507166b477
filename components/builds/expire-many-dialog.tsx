'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { announceJob } from '@/components/jobs/watched-jobs';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { Skeleton } from '@/components/ui/skeleton';
import { isTyped, TypedField } from '@/components/ui/typed-field';
import { ApiError } from '@/lib/browser/api';
import {
  type ExpireBuildsInput,
  expireBuildsMutation,
  expiryPreviewOptions,
} from '@/lib/browser/expire-builds';
import { formatPlural } from '@/lib/format/numbers';
import { ExpiryPreviewPart } from './expiry-preview';
import { ExpiryRuleFields, FIRST_DRAFT, rulesOf } from './expiry-rules';

const NONE: ReadonlySet<string> = new Set();

/** Expires builds by rule, or those that were chosen one by one, after saying which and why. There is no way back. */
export default function ExpireManyDialog({
  appId,
  accountId,
  chosen,
  onClose,
}: {
  appId: string;
  accountId?: string | undefined;
  /** Ids that were chosen one by one; without them the rules choose. */
  chosen?: readonly string[];
  onClose: () => void;
}) {
  const [draft, setDraft] = useState(FIRST_DRAFT);
  const [except, setExcept] = useState(NONE);
  const [typed, setTyped] = useState('');
  const rules = chosen ? null : rulesOf(draft);
  const asked: ExpireBuildsInput | null = chosen ? { builds: [...chosen] } : rules ? { rules } : null;
  const preview = useQuery(expiryPreviewOptions({ appId, accountId }, asked));
  const start = useMutation(expireBuildsMutation());
  const { candidates = [], kept = {}, plan } = (asked && preview.data?.data) || {};
  const going = candidates.filter(({ id, stays }) => stays === null && !except.has(id));
  const isReady = asked !== null && preview.isSuccess && !preview.isPlaceholderData && going.length > 0;
  const send = (dryRun: boolean) => {
    const stay = candidates.flatMap(({ id }) => (except.has(id) ? [id] : []));
    const input = chosen ? { builds: going.map(({ id }) => id) } : { ...asked, except: stay };
    const confirmed = { confirm: going.length, ...(chosen || !plan ? {} : { plan }) };
    start.mutate(
      { appId, accountId, dryRun, input: dryRun ? input : { ...input, ...confirmed } },
      {
        onSuccess({ data }) {
          announceJob(data.id);
          onClose();
        },
        // Where the builds have changed meanwhile, those of now are shown and typed anew.
        onError(error) {
          if (!(error instanceof ApiError) || error.status !== 409) return;
          setTyped('');
          void preview.refetch();
        },
      },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && isTyped(going.length, typed)) send(false);
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={chosen ? 'Expire the chosen builds?' : 'Expire builds by rule'}
      description="An expired build can no longer be installed, and testers who have it cannot open it any more. This cannot be undone: to test one again it has to be uploaded with a new build number."
    >
      <form onSubmit={submit} className="grid gap-4">
        {chosen ? null : <ExpiryRuleFields draft={draft} onChange={setDraft} />}
        {asked === null ? (
          <p className="text-ink-soft text-sm">Choose at least one rule, with days from 1 to 3,650.</p>
        ) : preview.isPending ? (
          <Skeleton className="h-24 w-full" />
        ) : (
          <ExpiryPreviewPart candidates={candidates} kept={kept} except={except} onExcept={setExcept} />
        )}
        <Refusal error={preview.error ?? start.error} />
        {isReady ? <TypedField word={going.length} value={typed} onChange={setTyped} /> : null}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button disabled={!isReady} busy={start.isPending} onClick={() => send(true)}>
            Dry run
          </Button>
          <Button
            type="submit"
            variant="danger"
            busy={start.isPending}
            disabled={!isReady || !isTyped(going.length, typed)}
          >
            Expire {formatPlural(going.length, 'build')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
