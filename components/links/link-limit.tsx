'use client';

import type { FormEvent } from 'react';
import { FillBar, fillOf } from '@/components/groups/fill-bar';
import { useGroupChange } from '@/components/groups/use-group-change';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { formatCount } from '@/lib/format/numbers';
import type { GroupResource } from '@/lib/query/types';
import { LINK_LIMIT, limitProblem } from './limit-rules';

/** How many may join by the link, and how many have. */
export function LinkLimit({ group }: { group: GroupResource }) {
  const { change, isSaving, error, mayWrite, setError } = useGroupChange(group);
  const { used, limit } = fillOf(group);
  const current = limit === null ? '' : String(limit);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('limit') ?? '').trim();
    if (typed === current) return setError(undefined);
    const problem = limitProblem(typed);
    setError(problem);
    if (problem !== undefined) return;
    const to = Number(typed);
    void change({ publicLinkLimitEnabled: true, publicLinkLimit: to }, `Limit set to ${formatCount(to)}`);
  };
  return (
    <div className="grid gap-3">
      <form onSubmit={submit} className="flex items-start gap-2" noValidate>
        <div className="min-w-0 flex-1">
          <TextField
            // What is typed belongs to the limit it was typed over.
            key={current}
            label="Limit of testers"
            name="limit"
            inputMode="numeric"
            autoComplete="off"
            defaultValue={current}
            placeholder="No limit"
            disabled={!mayWrite}
            error={error}
            hint={`From ${formatCount(LINK_LIMIT.min)} to ${formatCount(LINK_LIMIT.max)} who join by the link.`}
          />
        </div>
        <Button type="submit" busy={isSaving} disabled={!mayWrite} className="mt-7">
          Set limit
        </Button>
      </form>
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
