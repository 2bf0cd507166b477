import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Setup } from '@/components/auth/setup';
import { findActor, isSetUp } from '@/lib/http/current-actor';

export const metadata: Metadata = { title: 'Set up' };

export default async function SetupPage() {
  const actor = await findActor();
  if (!actor && (await isSetUp())) redirect('/sign-in');
  if (actor?.mustChangePassword) redirect('/new-password');
  if (actor && actor.role !== 'admin') redirect('/');
  return <Setup isSignedIn={actor !== null} />;
}
