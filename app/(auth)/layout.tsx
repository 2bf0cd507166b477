import type { ReactNode } from 'react';
import { Mark } from '@/components/shell/mark';
import { Unreachable } from '@/components/shell/unreachable';

/** The quiet frame of sign-in and first run. */
export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <Unreachable />
      <div className="flex min-h-dvh flex-col items-center bg-sunken px-4 py-[10vh] max-sm:py-8">
        <header className="mb-8 flex items-center gap-2 font-semibold tracking-tight">
          <Mark /> Flightdeck
        </header>
        <main className="w-full max-w-lg rounded-lg border bg-surface p-8 max-sm:p-5">{children}</main>
      </div>
    </>
  );
}
