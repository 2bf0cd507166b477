import { Name } from '@/components/ui/name';
import { Time } from '@/components/ui/time';
import type { SyncStatus } from '@/lib/browser/types';
import { typeNoun } from './sync-words';

/** Which lists cannot be read at present, and since when each. */
export function StuckLists({ lists = [] }: { lists?: SyncStatus['stuck'] | undefined }) {
  return lists.slice(0, MOST).map(({ type, appName, since }) => (
    <span key={`${type} ${appName} ${since}`}>
      The list of {typeNoun(type)}
      {appName ? (
        <>
          {' '}
          of <Name>{appName}</Name>
        </>
      ) : null}{' '}
      has not been readable since <Time at={since} />.{' '}
    </span>
  ));
}

/** More than these say nothing new. */
const MOST = 3;
