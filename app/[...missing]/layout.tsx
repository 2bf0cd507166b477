import type { ReactNode } from 'react';
import { Frame } from '@/app/frame';
import { findActor } from '@/lib/http/core/current-actor';

/** Who is signed in keeps the ways to everything else; nobody learns here whether an address needs a session. */
export default async function MissingLayout({ children }: { children: ReactNode }) {
  const actor = await findActor();
  return actor && !actor.mustChangePassword ? <Frame>{children}</Frame> : children;
}
