import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Setup } from '@/components/auth/setup';
import { findActor, isSetUp, pageContext } from '@/lib/http/core/current-actor';
import { listAccounts } from '@/lib/services/accounts/accounts';

export const metadata: Metadata = { title: 'Set up' };

export default async function SetupPage() {
  const actor = await findActor();
  if (!actor && (await isSetUp())) redirect('/sign-in');
  if (actor?.mustChangePassword) redirect('/new-password');
  if (actor && actor.role !== 'admin') redirect('/');
  // A page that is loaded again goes on where it was: nobody is asked for a key that is here already.
  const hasKey = actor !== null && (await listAccounts(await pageContext())).length > 0;
  return <Setup begun={hasKey ? 2 : actor ? 1 : 0} />;
}
