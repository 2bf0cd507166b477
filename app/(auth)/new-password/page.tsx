import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { NewPassword } from '@/components/auth/new-password';
import { findActor } from '@/lib/http/core/current-actor';

export const metadata: Metadata = { title: 'Choose a password' };

export default async function NewPasswordPage() {
  const actor = await findActor();
  if (!actor) redirect('/sign-in');
  if (!actor.mustChangePassword) redirect('/');
  return (
    <>
      <h1 className="mb-1 font-semibold text-xl tracking-tight">Choose a password</h1>
      <p className="mb-6 text-ink-soft text-sm">
        You signed in as <bdi>{actor.email}</bdi> with a temporary password, which somebody else has seen.
        Choose one that only you know.
      </p>
      <NewPassword email={actor.email} />
    </>
  );
}
