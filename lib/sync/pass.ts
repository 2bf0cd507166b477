import { forgetTombstones } from '@/lib/mirror/tombstones';
import { isPause } from './failure';
import { type ListFailure, openLists, readEverything } from './lists';
import { appsPlan } from './plan';
import type { Run } from './run-state';
import { beginScope, dueStatement, FULL_PASS, type ScopeState, scopeStatement } from './scopes';

/** Reads every list that this pass has not read yet. */
export async function fullPass(run: Run): Promise<ListFailure[]> {
  const marker = openPass(run.scopes.get(FULL_PASS), run.clock.now());
  await run.write([forgetTombstones(run.clock.now()), scopeStatement(run.accountId, marker)]);
  const startedAt = marker.startedAt ?? 0;
  const ageMs = () => run.clock.now() - startedAt;
  try {
    const failures = await readEverything(run, startedAt);
    const arePassing = failures.some(({ failure }) => failure.isPassing);
    await closePass(run, marker, { isWaiting: arePassing && ageMs() < HEALING_MS });
    return failures;
  } catch (error) {
    // Lists that keep failing may be why the client stops asking, at the end of every run.
    if (isPause(error)) await closePass(run, marker, { isWaiting: ageMs() < HEALING_MS });
    throw error;
  }
}

/**
 * A pass stays open for a while, so that the next sync asks for what is missing only. One bad list must not keep the
 * others from being renewed: after that, or when nothing will change by itself, what is missing is left to the news,
 * which read it when they can. Without the list of apps there is no news.
 */
async function closePass(
  run: Run,
  marker: ScopeState,
  { isWaiting }: { readonly isWaiting: boolean },
): Promise<void> {
  const missing = await openLists(run, marker.startedAt ?? 0);
  if (missing.includes(appsPlan.scope) || (isWaiting && missing.length > 0)) return;
  const now = run.clock.now();
  const done: ScopeState = { ...marker, phase: 'idle', completedAt: now };
  await run.write([scopeStatement(run.accountId, done), dueStatement(run.accountId, missing, now)]);
}

const HEALING_MS = 10 * 60_000;

/** A full pass that was cut off is gone on with: its complete lists are not read again. */
function openPass(known: ScopeState | undefined, now: number): ScopeState {
  const isOpen = known?.phase === 'running' && now - (known.startedAt ?? 0) < PASS_MS;
  return isOpen ? { ...known, updatedAt: now } : beginScope(known, FULL_PASS, now);
}

/** A full pass that was begun so long ago begins anew: its first lists are as old. */
const PASS_MS = 6 * 60 * 60_000;
