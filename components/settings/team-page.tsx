'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { Badge } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { toast, toastError } from '@/components/ui/toast';
import { useDo } from '@/components/ui/use-do';
import { changeMemberMutation, teamOptions } from '@/lib/browser/settings';
import type { Member, Role } from '@/lib/browser/types';
import { label } from '@/lib/format/labels';
import { ourTone } from '@/lib/format/tones';
import { ROLES, type Temporary } from './team-words';

const InviteDialog = onDemand(() => import('./invite-dialog'));
const PasswordDialog = onDemand(() => import('./temporary-password'));

/** Who may sign in, and as what. */
export function TeamPage() {
  const { data, error, refetch } = useQuery(teamOptions());
  const mayWrite = useMay('team:write');
  const [isInviting, setInviting] = useState(false);
  useDo('add', () => setInviting(mayWrite));
  const [temporary, setTemporary] = useState<Temporary | null>(null);
  if (error && !data)
    return <ErrorState title="The team could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton rows={4} />;
  return (
    <div className="grid gap-4">
      <ul className="grid divide-y border-y">
        {data.data.map((member) => (
          <MemberRow key={member.id} member={member} mayWrite={mayWrite} onTemporary={setTemporary} />
        ))}
      </ul>
      {mayWrite ? (
        <div>
          <Button
            variant="primary"
            icon={<UserPlus size={14} aria-hidden />}
            onClick={() => setInviting(true)}
          >
            Add a person
          </Button>
        </div>
      ) : null}
      {isInviting ? <InviteDialog onClose={() => setInviting(false)} onAdded={setTemporary} /> : null}
      {temporary ? <PasswordDialog temporary={temporary} onClose={() => setTemporary(null)} /> : null}
    </div>
  );
}

function MemberRow({
  member,
  mayWrite,
  onTemporary,
}: {
  member: Member;
  mayWrite: boolean;
  onTemporary: (temporary: Temporary) => void;
}) {
  const change = useMutation(changeMemberMutation());
  const save = (part: { role?: Role; isDisabled?: boolean; resetPassword?: true }, done: string) =>
    change.mutate(
      { id: member.id, ...part },
      {
        onSuccess: ({ meta }) => {
          if (meta?.temporaryPassword) onTemporary({ email: member.email, password: meta.temporaryPassword });
          else void toast({ title: done });
        },
        onError: (error) => void toastError(`${member.email} was not changed`, error),
      },
    );
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
      <div className="min-w-0">
        <p className="flex items-center gap-2 font-medium">
          <Name className="truncate">{member.name ?? member.email}</Name>
          {member.isYou ? <Badge>You</Badge> : null}
          {member.isDisabled ? <Badge tone={ourTone('person.disabled')}>Disabled</Badge> : null}
        </p>
        <p className="truncate text-ink-soft text-sm">
          {member.name ? `${member.email} · ` : ''}
          {member.lastSignInAt ? (
            <>
              {member.name ? 'signed in' : 'Signed in'} <Time at={member.lastSignInAt} />
            </>
          ) : (
            `${member.name ? 'has' : 'Has'} not signed in yet`
          )}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {mayWrite ? (
          <>
            <select
              aria-label={`Role of ${member.email}`}
              value={member.role}
              disabled={change.isPending}
              onChange={(event) =>
                save({ role: event.target.value as Role }, `Role of ${member.email} changed`)
              }
              className="field h-8 px-2 text-sm"
            >
              {ROLES.map((role) => (
                <option key={role} value={role}>
                  {label(role)}
                </option>
              ))}
            </select>
            {member.isYou ? null : (
              <>
                <Button disabled={change.isPending} onClick={() => save({ resetPassword: true }, '')}>
                  New password
                </Button>
                <Button
                  variant="ghost"
                  disabled={change.isPending}
                  onClick={() =>
                    save(
                      { isDisabled: !member.isDisabled },
                      member.isDisabled
                        ? `${member.email} may sign in again`
                        : `${member.email} is signed out and disabled`,
                    )
                  }
                >
                  {member.isDisabled ? 'Enable' : 'Disable'}
                </Button>
              </>
            )}
          </>
        ) : (
          <span className="text-ink-soft text-sm">{label(member.role)}</span>
        )}
      </div>
    </li>
  );
}
