'use client';

import { usePathname } from 'next/navigation';
import { buttonClass } from '@/components/ui/button';

const LIST = /^(?:\/apps\/[^/]+)?\/(groups|testers|builds|jobs)(?=\/)/;

/** From an address that leads nowhere: to the list such a thing would be in, and to everything. */
export function WayBack() {
  const list = LIST.exec(usePathname());
  // Plain links: a component for them would be loaded with every page, for a page that hardly anybody sees.
  return (
    <>
      {list ? (
        <a href={list[0]} className={buttonClass()}>
          Go to the {list[1]}
        </a>
      ) : null}
      <a href="/" className={buttonClass()}>
        All apps
      </a>
    </>
  );
}
