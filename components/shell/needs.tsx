'use client';

import type { ReactNode } from 'react';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { useMay } from './known';

/** A page for some roles: the others are told so at once, instead of after they have filled it in. */
export function Needs({
  permission,
  back,
  to,
  children,
}: {
  permission: string;
  back: string;
  /** What the button to `back` says. */
  to: string;
  children: ReactNode;
}) {
  if (useMay(permission)) return children;
  return (
    <EmptyState title="Not for your role" action={<ButtonLink href={back}>{to}</ButtonLink>}>
      You may look at testers, not change them. An admin can give you another role.
    </EmptyState>
  );
}
