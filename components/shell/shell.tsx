'use client';

import type { ReactNode } from 'react';
import { Banners } from './banners';
import { Known } from './known';
import { Overlays } from './overlays';
import { PhoneNav } from './phone-nav';
import { Rail } from './rail';
import { ShellKeys } from './shell-keys';
import { TopBar } from './top-bar';
import { Unreachable } from './unreachable';

/** The frame around every page of a signed-in person. */
export function Shell({ children }: { children: ReactNode }) {
  return (
    <Known>
      <div className="flex">
        <a
          href="#content"
          className="sr-only z-50 rounded-md bg-raised px-3 py-2 text-sm focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
          Skip to the content
        </a>
        <Rail />
        <div className="min-w-0 flex-1">
          <TopBar />
          <Unreachable />
          <Banners />
          <main id="content" tabIndex={-1} className="outline-none max-md:pb-20">
            {children}
          </main>
        </div>
        <PhoneNav />
        <ShellKeys />
        <Overlays />
      </div>
    </Known>
  );
}
