'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { PasswordForm } from '@/components/settings/password-form';
import { makeQueryClient } from '@/lib/browser/client';

/** Takes a password of one's own in the place of a temporary one; nothing else opens before. */
export function NewPassword({ email }: { email: string }) {
  const [client] = useState(() => makeQueryClient({}));
  return (
    <QueryClientProvider client={client}>
      <PasswordForm email={email} onDone={() => location.assign('/')} />
    </QueryClientProvider>
  );
}
