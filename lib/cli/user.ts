import type { AppContext } from '@/lib/context';
import { changeMember, listTeam } from '@/lib/services/team';
import { shellCtx } from './shell';

/** Gives a person a temporary password, which is shown this once; gives the exit code. */
export async function resetPasswordCommand(context: AppContext, email: string): Promise<number> {
  const ctx = shellCtx(context);
  const wanted = email.normalize('NFKC').trim().toLowerCase();
  const member = (await listTeam(ctx)).find((one) => one.email === wanted);
  if (!member) {
    process.stderr.write(`Nobody in the team has the address ${email}.\n`);
    return 1;
  }
  const { temporaryPassword } = await changeMember(ctx, { id: member.id, resetPassword: true });
  const state = member.isDisabled ? ' This person is disabled and cannot sign in.' : '';
  process.stdout.write(
    `${member.email} signs in with ${temporaryPassword} and then chooses a password; every session of theirs has ended.${state}\n`,
  );
  return 0;
}
