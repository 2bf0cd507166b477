import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { SignInForm } from '@/components/auth/sign-in-form';
import { ownPath } from '@/lib/access/own-path';
import { findActor, isSetUp } from '@/lib/http/core/current-actor';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[] }>;
}) {
  const { next } = await searchParams;
  const target = ownPath(next);
  if (await findActor()) redirect(target);
  if (!(await isSetUp())) redirect('/setup');
  return (
    <>
      <h1 className="mb-6 font-semibold text-xl tracking-tight">Sign in</h1>
      <SignInForm next={target} />
    </>
  );
}
