'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { DraftNote } from '@/components/drafts/draft-note';
import { useDraft } from '@/components/drafts/use-draft';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import { type InvitePreview, invitePersonMutation, invitePreviewOptions } from '@/lib/browser/people';
import { Way } from './access-choice';
import { InviteKnown } from './invite-known';
import { BuildPicker, GroupPicker, single } from './target-picker';

interface Prefill {
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
}

interface Fields {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly testerId?: string;
  readonly name?: 'keep' | 'drop';
}

/** Reasons that the access part tells by its button, not the address. */
const NOT_CHOSEN = 'FLIGHTDECK.GROUP.MISSING';

/**
 * Invites one person into groups, or to one build alone: App Store Connect takes one of the two. The same plan as an
 * import's says what will happen while the form is filled in.
 */
export default function InviteDialog({
  appId,
  accountId,
  prefill = {},
  onClose,
}: {
  appId: string;
  /** Which account's app, where it is another than the one whose page this is. */
  accountId?: string | undefined;
  prefill?: Prefill;
  onClose: () => void;
}) {
  const [way, setWay] = useState<'groups' | 'build'>('groups');
  const [groupIds, setGroupIds] = useState<readonly string[]>([]);
  const [buildId, setBuildId] = useState('');
  const [fields, setFields] = useState<Fields>({ email: '', firstName: '', lastName: '', ...prefill });
  const [isTold, setTold] = useState(prefill.email !== undefined);
  const invite = useMutation(invitePersonMutation());
  const { email, firstName, lastName } = fields;
  const draft = useDraft<InviteDraft>({
    key: `invite/${appId}${accountId === undefined ? '' : `~${accountId}`}`,
    value: { email, firstName, lastName, way, groupIds, buildId },
    restore: (kept) => {
      setFields({ email: kept.email, firstName: kept.firstName, lastName: kept.lastName });
      setWay(kept.way);
      setGroupIds(kept.groupIds);
      setBuildId(kept.buildId);
    },
    // Opened for somebody in particular, it begins with that person.
    read: (kept) => (prefill.email === undefined ? readInvite(kept) : null),
  });
  const isChosen = way === 'groups' ? groupIds.length > 0 : buildId !== '';
  const asked = {
    appId,
    ...(accountId === undefined ? {} : { accountId }),
    ...fields,
    groupIds: way === 'groups' ? groupIds : [],
    buildIds: way === 'build' && buildId !== '' ? [buildId] : [],
  };
  const preview = useQuery(invitePreviewOptions(asked));
  const plan = preview.data?.data;
  const row = plan?.rows.find(({ outcome }) => outcome === 'invalid' || outcome === 'held') ?? plan?.rows[0];
  const error = invite.error instanceof ApiError ? invite.error : null;
  const isAtField = ['email', 'firstName', 'lastName'].some((field) => error?.detailFor(field));
  const refused =
    row?.outcome === 'invalid' && row.reason?.code !== NOT_CHOSEN && !row.question
      ? row.reason?.detail
      : undefined;
  const set = (part: Partial<Fields>) => {
    setFields((before) => ({ ...before, ...part }));
    invite.reset();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTold(true);
    // What was typed last may not have been asked about yet.
    const fresh = (await preview.refetch()).data?.data;
    const rows = fresh?.rows ?? [];
    if (rows.length === 0 || rows.some(({ outcome }) => outcome === 'invalid' || outcome === 'held')) return;
    invite.mutate(
      { appId, accountId, rows },
      {
        onSuccess: () => {
          draft.clear();
          void toast({ title: doneWords(rows) });
          onClose();
        },
        onError: () => void preview.refetch(),
      },
    );
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Invite a tester">
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4" noValidate>
        <DraftNote draft={draft} />
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autoComplete="off"
          value={fields.email}
          onChange={(event) => {
            const { testerId: _other, name: _decided, ...kept } = fields;
            setFields({ ...kept, email: event.target.value });
            setTold(false);
            invite.reset();
          }}
          onBlur={() => setTold(fields.email.trim() !== '')}
          error={error?.detailFor('email') ?? (isTold ? (refused ?? noAt(fields.email)) : undefined)}
        />
        {plan && row ? (
          <InviteKnown
            plan={plan}
            row={row}
            onRecord={(testerId) => set({ testerId })}
            onName={(name) => set({ name })}
          />
        ) : null}
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label="First name"
            name="firstName"
            autoComplete="off"
            value={fields.firstName}
            onChange={(event) => set({ firstName: event.target.value })}
            error={error?.detailFor('firstName')}
          />
          <TextField
            label="Last name"
            name="lastName"
            autoComplete="off"
            value={fields.lastName}
            onChange={(event) => set({ lastName: event.target.value })}
            error={error?.detailFor('lastName')}
          />
        </div>
        <fieldset className="grid gap-2 text-sm">
          <legend className="mb-2 font-medium">Access</legend>
          <Way name="Groups" isChosen={way === 'groups'} onChoose={() => setWay('groups')}>
            They get every build of the groups.
          </Way>
          {way === 'groups' ? (
            <GroupPicker
              appId={appId}
              accountId={accountId}
              chosen={groupIds}
              onChange={setGroupIds}
              withInternal={isInternal(plan)}
            />
          ) : null}
          <Way name="One build alone" isChosen={way === 'build'} onChoose={() => setWay('build')}>
            They get this build and no later one.
          </Way>
          {way === 'build' ? (
            <BuildPicker appId={appId} accountId={accountId} {...single(buildId, setBuildId)} />
          ) : null}
        </fieldset>
        <Refusal error={isAtField ? null : invite.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={invite.isPending}
            disabled={!isChosen || row?.outcome === 'alreadyThere'}
          >
            {verbOf(row?.outcome, way)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface InviteDraft {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly way: 'groups' | 'build';
  readonly groupIds: readonly string[];
  readonly buildId: string;
}

function readInvite(kept: unknown): InviteDraft | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { email, firstName, lastName, way, groupIds, buildId } = kept as Partial<InviteDraft>;
  const isWhole = [email, firstName, lastName, buildId].every((text) => typeof text === 'string');
  if (!isWhole || !Array.isArray(groupIds) || (way !== 'groups' && way !== 'build')) return null;
  return { email, firstName, lastName, way, groupIds, buildId } as InviteDraft;
}

type Outcome = InvitePreview['rows'][number]['outcome'];

function verbOf(outcome: Outcome | undefined, way: 'groups' | 'build'): string {
  if (outcome === 'addToGroup') return way === 'groups' ? 'Add to group' : 'Give the build';
  return outcome === 'alreadyThere' ? 'Already there' : 'Invite';
}

function doneWords(rows: InvitePreview['rows']): string {
  const [row] = rows;
  if (row?.outcome !== 'addToGroup') return `${row?.email ?? ''} is invited`;
  return row.builds.length > 0 ? `${row.email} has the build` : `${row.email} is in the group`;
}

/** Somebody of the team can be put into internal groups too. */
function isInternal(plan: InvitePreview | undefined): boolean {
  return plan?.known.some(({ groups }) => groups.some(({ isInternalGroup }) => isInternalGroup)) ?? false;
}

/** Too little to ask the server about. */
function noAt(email: string): string | undefined {
  const text = email.trim();
  if (text === '') return 'Enter an e-mail address.';
  return text.includes('@') ? undefined : `“${text.slice(0, 60)}” is not an e-mail address: it has no @.`;
}
