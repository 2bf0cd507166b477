'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Name } from '@/components/ui/name';
import { Time } from '@/components/ui/time';
import { healthOptions, syncOptions } from '@/lib/browser/own';
import type { SyncStatus } from '@/lib/browser/types';
import { mostUrgentFirst, type OurState, ourTone } from '@/lib/format/tones';
import { Banner, type BannerWords as Words } from './banner';
import { StuckLists } from './stuck-lists';

const KEYS_LINK = (
  <Link href="/settings/keys" prefetch={false} className="font-medium underline">
    Look at the key
  </Link>
);

// What each state of an account's key means and what to do about it.
const ACCOUNT: Readonly<Record<string, { says: string; advice: ReactNode }>> = {
  unauthorized: {
    says: 'App Store Connect refuses the key',
    advice: <>It may have been revoked. What was fetched stays readable. {KEYS_LINK}</>,
  },
  forbidden: {
    says: 'The role of the key is too low for what Flightdeck asks',
    advice: <>Make a key with the role App Manager. {KEYS_LINK}</>,
  },
  agreement_missing: {
    says: 'An agreement is missing or the membership has expired',
    advice: (
      <>The Account Holder must accept it in App Store Connect under Business; then it goes on by itself.</>
    ),
  },
  clock_skew: {
    says: 'The clock of this server is wrong, so App Store Connect refuses its tokens',
    advice: <>Set the clock (NTP); the key is fine.</>,
  },
  unreachable: {
    says: 'App Store Connect cannot be reached',
    advice: <>What you see is what was fetched last. Flightdeck tries again by itself.</>,
  },
  server: {
    says: 'App Store Connect answers with errors',
    advice: <>What you see is what was fetched last. Flightdeck tries again by itself.</>,
  },
  incomplete: {
    says: 'Not everything can be read from App Store Connect',
    advice: <>What you see of it is what was fetched last. Flightdeck tries again by itself.</>,
  },
};

/** What stands in the way right now, in words, with what to do; loaded when there is anything. */
export default function BannerList() {
  const sync = useQuery(syncOptions());
  const health = useQuery(healthOptions());
  const accounts = sync.data?.data ?? [];
  const banners: [string, Words][] = accounts.flatMap((status) => {
    const told: [string, Words | null][] = [
      [status.accountId, accountWords(status, accounts.length > 1)],
      [`${status.accountId} waits`, waitingWords(status)],
    ];
    return told.flatMap(([id, words]) => (words ? [[id, words] as [string, Words]] : []));
  });
  if (accounts.some((status) => status.workerAlive === false)) {
    banners.push(['worker', WORKER]);
  }
  // A full disk shows in the store and on the volume: once is enough.
  const reasons = new Set(
    Object.values(health.data?.checks ?? {}).flatMap((check) => (check.ok ? [] : (check.reason ?? []))),
  );
  for (const reason of reasons) {
    const words = HEALTH[reason];
    if (words) banners.push([`health ${reason}`, words]);
  }
  return (
    <section aria-label="What stands in the way">
      {mostUrgentFirst(banners, ([, words]) => ourTone(words.state)).map(([id, words]) => (
        <Banner key={id} words={words} />
      ))}
    </section>
  );
}

const WORKER: Words = {
  state: 'worker.dead',
  says: 'The worker is not running, so nothing is fetched and no job moves',
  advice: 'Start it with npm start, which runs both processes.',
};

const READ_ONLY: Words = {
  state: 'store.readonly',
  says: 'The data folder cannot be read or written as it should',
  advice:
    'Look at the disk and its rights. Changes are refused before anything is sent to App Store Connect.',
};

const HEALTH: Readonly<Record<string, Words>> = {
  full: {
    state: 'store.full',
    says: 'The disk is full',
    advice:
      'Reading works. Changes are refused before anything is sent to App Store Connect, until there is room.',
  },
  locked: {
    state: 'store.locked',
    says: 'Another process is writing to the database',
    advice: 'Reading works; changes wait and go on by themselves.',
  },
  encryption_key: {
    state: 'store.encryption_key',
    says: 'The stored keys are under a new encryption key, which this server was not given',
    advice:
      'Set ENCRYPTION_KEY to the new key and start Flightdeck again. Until then no key can be added or replaced.',
  },
  readonly: READ_ONLY,
  io: READ_ONLY,
};

function accountWords(status: SyncStatus, isOneOfMany: boolean): Words | null {
  const known = ACCOUNT[status.accountStatus ?? 'ok'];
  if (!known) return null;
  return {
    state: `key.${status.accountStatus ?? 'ok'}` as OurState,
    says: (
      <>
        {known.says}
        {isOneOfMany ? (
          <>
            : <Name>{status.name}</Name>
          </>
        ) : null}
        {status.accountStatusAt ? (
          <>
            , since <Time at={status.accountStatusAt} />
          </>
        ) : null}
      </>
    ),
    advice: (
      <>
        <StuckLists lists={status.stuck} />
        {known.advice}
        {status.accountDetail ? <span className="text-ink-soft"> {status.accountDetail}</span> : null}
      </>
    ),
  };
}

function waitingWords({ name, waitingUntil }: SyncStatus): Words | null {
  if (!waitingUntil) return null;
  return {
    state: 'quota.used',
    says: (
      <>
        App Store Connect takes no more requests for now: <Name>{name}</Name>
      </>
    ),
    advice: (
      <>
        The limit of requests is reached. What you see is what was fetched last; the sync goes on by itself{' '}
        <Time at={waitingUntil} isToCome />.
      </>
    ),
  };
}
