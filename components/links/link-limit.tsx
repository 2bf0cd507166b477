'use client';

import { type FormEvent, useState } from 'react';
import { DraftNote } from '@/components/drafts/draft-note';
import { useDraft } from '@/components/drafts/use-draft';
import { FillBar, fillOf } from '@/components/groups/fill-bar';
import { useGroupChange } from '@/components/groups/use-group-change';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { LINK_LIMIT } from '@/lib/asc/catalogue/limits';
import type { GroupResource } from '@/lib/browser/types';
import { formatCount } from '@/lib/format/numbers';
import { limitProblem } from './limit-rules';

/** How many may join by the link, and how many have. */
export function LinkLimit({ group }: { group: GroupResource }) {
  const { change, isSaving, error, mayWrite, setError } = useGroupChange(group);
  const { used, limit } = fillOf(group);
  const current = limit === null ? '' : String(limit);
  const setLimit = async (typed: string): Promise<boolean> => {
    const problem = typed === current ? undefined : limitProblem(typed);
    setError(problem);
    if (typed === current || problem !== undefined) return problem === undefined;
    const to = Number(typed);
    return change({ publicLinkLimitEnabled: true, publicLinkLimit: to }, `Limit set to ${formatCount(to)}`);
  };
  return (
    <div className="grid gap-3">
      {/* What is typed belongs to the limit it was typed over. */}
      <LimitForm
        key={current}
        groupId={group.id}
        current={current}
        isSaving={isSaving}
        mayWrite={mayWrite}
        error={error}
        onSet={setLimit}
      />
      {limit !== null ? (
        <div className="grid gap-2">
          {used !== null ? (
            <>
              <FillBar used={used} limit={limit} />
              <p className="text-ink-soft text-sm tabular-nums">
                {formatCount(used)} of {formatCount(limit)} places taken
                {typeof group.meta?.linkTesterCount === 'number'
                  ? ' by the link'
                  : ', counting everybody in the group'}
              </p>
            </>
          ) : null}
          <div>
            <Button
              size="sm"
              variant="ghost"
              disabled={!mayWrite || isSaving}
              onClick={() => void change({ publicLinkLimitEnabled: false }, 'Limit removed')}
            >
              Remove the limit
            </Button>
          </div>
        </div>
      ) : null}
    </div>
  );
}

function LimitForm({
  groupId,
  current,
  isSaving,
  mayWrite,
  error,
  onSet,
}: {
  groupId: string;
  current: string;
  isSaving: boolean;
  mayWrite: boolean;
  error: string | undefined;
  onSet: (typed: string) => Promise<boolean>;
}) {
  const [typed, setTyped] = useState(current);
  const draft = useDraft({
    key: `link-limit/${groupId}`,
    value: typed,
    restore: setTyped,
    read: (kept) => (typeof kept === 'string' ? kept : null),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onSet(typed.trim()).then((isSet) => {
      if (isSet) draft.clear();
    });
  };
  return (
    <form onSubmit={submit} className="grid gap-2" noValidate>
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            label="Limit of testers"
            name="limit"
            inputMode="numeric"
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            placeholder="No limit"
            disabled={!mayWrite}
            error={error}
            hint={`From ${formatCount(LINK_LIMIT.min)} to ${formatCount(LINK_LIMIT.max)} who join by the link.`}
          />
        </div>
        <Button type="submit" busy={isSaving} disabled={!mayWrite} className="mt-7">
          Set limit
        </Button>
      </div>
      <DraftNote draft={draft} />
    </form>
  );
}
