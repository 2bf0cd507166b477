'use client';

import { usePathname } from 'next/navigation';

const LIST = /^(?:\/apps\/[^/]+)?\/(groups|testers|builds|jobs)(?=\/)/;

/** From an address that leads nowhere: to the list such a thing would be in, and to everything, in the `looks` of buttons. */
export function WayBack({ looks }: { looks: string }) {
  const list = LIST.exec(usePathname());
  // Plain links: a component for them would be loaded with every page, for a page that hardly anybody sees.
  return (
    <>
      {list ? (
        <a href={list[0]} className={looks}>
          Go to the {list[1]}
        </a>
      ) : null}
      <a href="/" className={looks}>
        Health of all apps
      </a>
    </>
  );
}
