import { FILTER_IDS } from '@/lib/asc/catalogue/limits';
import { type JobItem, NO_EFFECT, STILL_QUEUED, type Unseen, type Work } from '@/lib/jobs/types';
import { isRecord } from '@/lib/mirror/resource';
import { readTesters } from '@/lib/sync/members';
import type { Ctx } from '../ctx';
import type { Access } from './give-access';
import { placeOf } from './place';
import { presentTesters, type Within } from './read-back';

/** An item that Apple called a success, and the tester it is about. */
export interface Told {
  readonly item: JobItem;
  readonly testerId: string;
  /** Apple had only accepted the order (202). */
  readonly isQueued?: boolean;
}

/** Those who are not where they should be by Apple's own word, or are where they should not be. */
export async function unseenTesters(
  work: Work<Ctx>,
  told: readonly Told[],
  { within, isWanted }: { readonly within: Within; readonly isWanted: boolean },
): Promise<Unseen[]> {
  const { asc } = await placeOf(work);
  const ids = [...new Set(told.map(({ testerId }) => testerId))];
  const present = await presentTesters(asc, within, ids);
  return told
    .filter(({ testerId }) => present.has(testerId) !== isWanted)
    .map(({ item, isQueued }) =>
      isQueued
        ? { item, code: STILL_QUEUED, detail: QUEUED }
        : { item, code: NO_EFFECT, detail: sentenceOf(within, isWanted) },
    );
}

/** Those who lack a group or a build that they were given, or whom the app does not have at all. */
export async function unseenAccess(
  work: Work<Ctx>,
  told: readonly (Told & Access)[],
): Promise<readonly Unseen[]> {
  const { appId } = await placeOf(work);
  const missed = new Map<number, Unseen>();
  const look = async (within: Within, some: readonly Told[]) => {
    const unseen = await unseenTesters(work, some, { within, isWanted: true });
    for (const one of unseen) missed.set(one.item.position, one);
  };
  for (const id of new Set(told.flatMap(({ buildIds }) => buildIds))) {
    await look(
      { builds: id },
      told.filter(({ buildIds }) => buildIds.includes(id)),
    );
  }
  for (const id of new Set(told.flatMap(({ groupIds }) => groupIds))) {
    await look(
      { betaGroups: id },
      told.filter(({ groupIds }) => groupIds.includes(id)),
    );
  }
  const doubted = told.filter(
    ({ item, groupIds, buildIds }) => missed.has(item.position) || groupIds.length + buildIds.length === 0,
  );
  if (doubted.length > 0) await look({ apps: appId }, doubted);
  return [...missed.values()];
}

/** Reads these testers again, so that our copy says what Apple says. */
export async function relearnTesters(work: Work<Ctx>, told: readonly Told[]): Promise<void> {
  const { asc, accountId, appId } = await placeOf(work);
  const { db, clock } = work.context;
  const reader = { db, clock, asc, accountId, write: work.write, isSettling: true };
  const ids = [...new Set(told.map(({ testerId }) => testerId))];
  for (let from = 0; from < ids.length; from += FILTER_IDS) {
    await readTesters(reader, appId, ids.slice(from, from + FILTER_IDS));
  }
}

/** The tester an invitation made or found; null when the item does not say. */
export function testerIdOf({ result }: JobItem): string | null {
  return isRecord(result) && typeof result.testerId === 'string' ? result.testerId : null;
}

const QUEUED =
  'App Store Connect has accepted it, but the person is still listed. It may take some minutes; look again later.';

function sentenceOf({ betaGroups, builds, apps }: Within, isWanted: boolean): string {
  const where = betaGroups !== undefined ? 'in the group' : apps !== undefined ? 'in the app' : 'in the team';
  const state = builds !== undefined ? (isWanted ? 'does not have the build' : 'still has the build') : null;
  const words = state ?? (isWanted ? `is not ${where}` : `is still ${where}`);
  return `App Store Connect said yes, but on reading again the person ${words}.`;
}
