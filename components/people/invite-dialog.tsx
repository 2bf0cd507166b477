'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorWords } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import { ApiError } from '@/lib/query/api';
import { invitePersonMutation } from '@/lib/query/people';
import { GroupBoxes, Way } from './access-choice';
import { BuildSelect } from './target-select';

interface Prefill {
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
}

/** Invites one person into groups, or to one build alone: App Store Connect takes one of the two. */
export default function InviteDialog({
  appId,
  prefill = {},
  onClose,
}: {
  appId: string;
  prefill?: Prefill;
  onClose: () => void;
}) {
  const [way, setWay] = useState<'groups' | 'build'>('groups');
  const [groupIds, setGroupIds] = useState<readonly string[]>([]);
  const [buildId, setBuildId] = useState('');
  const invite = useMutation(invitePersonMutation());
  const error = invite.error instanceof ApiError ? invite.error : null;
  const isChosen = way === 'groups' ? groupIds.length > 0 : buildId !== '';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    const email = text('email').trim();
    invite.mutate(
      {
        appId,
        email,
        firstName: text('firstName'),
        lastName: text('lastName'),
        groupIds: way === 'groups' ? groupIds : [],
        buildIds: way === 'build' ? [buildId] : [],
      },
      {
        onSuccess: () => {
          void toast({ title: `${email} is invited` });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Invite a tester">
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autoComplete="off"
          defaultValue={prefill.email}
          error={error?.detailFor('email')}
        />
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label="First name"
            name="firstName"
            autoComplete="off"
            defaultValue={prefill.firstName}
            error={error?.detailFor('firstName')}
          />
          <TextField
            label="Last name"
            name="lastName"
            autoComplete="off"
            defaultValue={prefill.lastName}
            error={error?.detailFor('lastName')}
          />
        </div>
        <fieldset className="grid gap-2 text-sm">
          <legend className="mb-2 font-medium">Access</legend>
          <Way name="Groups" isChosen={way === 'groups'} onChoose={() => setWay('groups')}>
            They get every build of the groups.
          </Way>
          {way === 'groups' ? <GroupBoxes appId={appId} chosen={groupIds} onChange={setGroupIds} /> : null}
          <Way name="One build alone" isChosen={way === 'build'} onChoose={() => setWay('build')}>
            They get this build and no later one.
          </Way>
          {way === 'build' ? <BuildSelect appId={appId} value={buildId} onChange={setBuildId} /> : null}
        </fieldset>
        {error && !error.detailFor('email') ? (
          <div role="alert">
            <ErrorWords error={error} />
          </div>
        ) : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={invite.isPending} disabled={!isChosen}>
            Invite
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
