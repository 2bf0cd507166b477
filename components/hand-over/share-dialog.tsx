'use client';

import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { SelectField } from '@/components/ui/field';
import { Time } from '@/components/ui/time';
import type { HandedOver } from '@/lib/browser/hand-over';
import { makeShareMutation } from '@/lib/browser/shares';

const DAYS = [
  [1, 'A day'],
  [7, 'A week'],
  [30, '30 days'],
] as const;

/** Makes a page for people without an account, and shows its address this once. */
export default function ShareDialog({
  of,
  hasPictures,
  onClose,
}: {
  of: HandedOver;
  hasPictures: boolean;
  onClose: () => void;
}) {
  const make = useMutation(makeShareMutation());
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = DAYS.find(([value]) => String(value) === form.get('days'))?.[0] ?? 7;
    const { kind, id, accountId } = of;
    make.mutate({ kind, id, accountId, days, hasPictures: form.get('pictures') !== null });
  };
  const made = make.data?.data;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={made ? 'The link' : 'Make a share link'}>
      {made ? (
        <div className="grid gap-4">
          <p className="text-ink-soft text-sm">
            Whoever has this address sees the page; it ends <Time at={made.expiresAt} />. The address is shown
            this once.
          </p>
          <div className="flex flex-wrap items-center gap-3">
            <code className="break-all rounded-md border bg-sunken px-3 py-1.5 font-mono text-sm">
              {made.url}
            </code>
            <CopyButton text={made.url}>Copy</CopyButton>
          </div>
        </div>
      ) : (
        <form onSubmit={submit} className="grid gap-4">
          <p className="text-ink-soft text-sm">
            A page for people without an account: comment, facts and crash, with e-mail addresses masked and
            without the tester’s name. It can be revoked at any time.
          </p>
          <SelectField label="Valid for" name="days" defaultValue="7">
            {DAYS.map(([days, words]) => (
              <option key={days} value={days}>
                {words}
              </option>
            ))}
          </SelectField>
          {hasPictures ? (
            <label className="flex items-center gap-2 text-sm">
              <input type="checkbox" name="pictures" />
              With its pictures
            </label>
          ) : null}
          <Refusal error={make.error} />
          <div className="dialog-actions">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="primary" busy={make.isPending}>
              Make link
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
