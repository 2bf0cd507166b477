'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { useState } from 'react';
import { KeyForm } from '@/components/settings/key-form';
import { FirstSync } from '@/components/shell/first-sync';
import { makeQueryClient } from '@/lib/browser/client';
import { AdminForm } from './admin-form';

const STEPS = ['Create the admin', 'Add an App Store Connect key', 'Fetch the programme'];

/** The first five minutes: an admin, a key that is checked live, and the first sync with real counts. */
export function Setup({ begun }: { begun: 0 | 1 | 2 }) {
  const [client] = useState(() => makeQueryClient({}));
  const [step, setStep] = useState<number>(begun);
  return (
    <QueryClientProvider client={client}>
      <ol aria-label="Steps" className="mb-6 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {STEPS.map((words, index) => (
          <li
            key={words}
            aria-current={index === step ? 'step' : undefined}
            className="flex items-center gap-1.5 text-ink-soft aria-[current=step]:font-medium aria-[current=step]:text-ink"
          >
            {index < step ? (
              <Check size={14} aria-label="Done:" className="text-good" />
            ) : (
              <span>{index + 1}.</span>
            )}
            {words}
          </li>
        ))}
      </ol>
      {step === 0 ? (
        <>
          <h1 className="mb-1 font-semibold text-xl tracking-tight">Welcome to Flightdeck</h1>
          <p className="mb-6 text-ink-soft text-sm">
            Nobody has signed in here before. The one-time token in the log of this server proves that you run
            it.
          </p>
          <AdminForm onDone={() => setStep(1)} />
        </>
      ) : null}
      {step === 1 ? (
        <>
          <h1 className="mb-1 font-semibold text-xl tracking-tight">Add an App Store Connect key</h1>
          <p className="mb-6 text-ink-soft text-sm">
            In App Store Connect, open Users and Access, Integrations, App Store Connect API, and make a team
            key with the role App Manager. Flightdeck tries it before it keeps it.
          </p>
          <KeyForm onAdded={() => setStep(2)} />
        </>
      ) : null}
      {step === 2 ? (
        <>
          <h1 className="sr-only">{STEPS[2]}</h1>
          <FirstSync />
        </>
      ) : null}
    </QueryClientProvider>
  );
}
