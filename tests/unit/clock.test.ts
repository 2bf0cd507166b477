import { describe, expect, it } from 'vitest';
import { createAlarm, systemClock } from '@/lib/clock';
import { manualClock } from '@/tests/factories/clock';

describe('systemClock', () => {
  it('sleeps about as long as told', async () => {
    const start = performance.now();
    await systemClock.sleep(30);
    expect(performance.now() - start).toBeGreaterThan(25);
  });

  it('stops sleeping with the reason of the signal', async () => {
    const stop = new AbortController();
    const asleep = systemClock.sleep(60_000, stop.signal);
    stop.abort(new Error('shutting down'));
    await expect(asleep).rejects.toThrow('shutting down');
    await expect(systemClock.sleep(60_000, stop.signal)).rejects.toThrow('shutting down');
  });
});

describe('manualClock', () => {
  it('wakes sleepers in the order of their deadlines, and those they lead to', async () => {
    const clock = manualClock(1000);
    const seen: string[] = [];
    const late = clock.sleep(50).then(() => seen.push(`late ${clock.now()}`));
    const early = clock
      .sleep(10)
      .then(() => clock.sleep(10))
      .then(() => seen.push(`early ${clock.now()}`));
    expect(clock.sleepers()).toEqual([1010, 1050]);
    await clock.advance(60);
    await Promise.all([late, early]);
    expect(seen).toEqual(['early 1020', 'late 1050']);
    expect(clock.now()).toBe(1060);
  });

  it('lets go of an aborted sleeper', async () => {
    const clock = manualClock();
    const stop = new AbortController();
    const asleep = clock.sleep(10, stop.signal);
    stop.abort(new Error('enough'));
    await expect(asleep).rejects.toThrow('enough');
    expect(clock.sleepers()).toEqual([]);
  });
});

describe('an alarm', () => {
  it('ends a sleep when it is rung, also before it begins, and only that one', async () => {
    const clock = manualClock(0);
    const alarm = createAlarm(clock, new AbortController().signal);
    const asleep = alarm.sleep(100);
    alarm.ring();
    await asleep;
    alarm.ring();
    alarm.ring();
    await alarm.sleep(100);
    expect(clock.sleepers()).toEqual([]);
    const last = alarm.sleep(100);
    expect(clock.sleepers()).toEqual([100]);
    await clock.advance(100);
    await last;
  });

  it('rings when its signal is aborted, and lets nobody sleep from then on', async () => {
    const clock = manualClock(0);
    const stop = new AbortController();
    const alarm = createAlarm(clock, stop.signal);
    const asleep = alarm.sleep(100);
    stop.abort();
    await asleep;
    await alarm.sleep(100);
    expect(clock.sleepers()).toEqual([]);
  });
});
