'use client';

import { toastError } from '@/components/ui/toast';

/** Ends the session and goes to the sign-in page. */
export async function leave(): Promise<void> {
  try {
    const { signOut } = await import('@/lib/browser/session');
    await signOut();
    // A full load, so that nothing of this session stays in memory.
    location.assign('/sign-in');
  } catch (error) {
    void toastError('You are still signed in', error);
  }
}
