import type { AppModel } from '../app-model';
import type { FeedbackItem } from '../crashes/feedback';
import { DAY_MS } from '../dates';
import { Random } from '../prng';
import type { LinkDay, TesterUsage } from '../types';
import type { GroupModel } from './groups';
import { type TesterModel, testerAt } from './testers';

type Day = TesterUsage['days'][number];

/** Reports by tester and day: how many, and how many of them crashes. */
function reportsByTester(
  model: AppModel,
  feedback: readonly FeedbackItem[],
): Map<string, Map<number, [number, number]>> {
  const byTester = new Map<string, Map<number, [number, number]>>();
  for (const item of feedback) {
    const daysAgo = Math.floor((model.options.epochMs - item.createdMs) / DAY_MS);
    const days = byTester.get(item.tester.id) ?? new Map<number, [number, number]>();
    const [all, crashes] = days.get(daysAgo) ?? [0, 0];
    days.set(daysAgo, [all + 1, crashes + (item.kind === 'crash' ? 1 : 0)]);
    byTester.set(item.tester.id, days);
  }
  return byTester;
}

/** Days since the oldest build of a tester's devices came: nobody has used anything longer. */
function reachDays(model: AppModel, tester: TesterModel): number {
  const oldest = Math.min(...tester.devices.map((device) => device.build.uploadedMs));
  const before = tester.state === 'REVOKED' ? 0 : (model.options.epochMs - oldest) / DAY_MS;
  return Math.min(364, Math.floor(before + (tester.n % 4 === 0 ? model.plan.buildSpanDays * 0.6 : 20)));
}

function drawDays(
  model: AppModel,
  tester: TesterModel,
  reports: Map<number, [number, number]> | undefined,
): Day[] {
  const random = new Random(`${model.key}/usage/${tester.n}`);
  const reach = reachDays(model, tester);
  const days = new Map<number, Day>();
  // A third have drifted away, some use it daily, most now and then.
  const silentFor = random.chance(0.34) ? random.between(20, 140) : random.between(0, 6);
  const gap = random.weighted([
    [1, 8],
    [3, 25],
    [8, 40],
    [21, 27],
  ] as const);
  for (let daysAgo = silentFor; daysAgo <= reach; daysAgo += random.between(1, gap * 2 - 1)) {
    days.set(daysAgo, {
      daysAgo,
      sessionCount: 1 + Math.floor(random.next() ** 2 * 9),
      crashCount: random.chance(0.03) ? random.between(1, 3) : 0,
      feedbackCount: 0,
    });
  }
  for (const [daysAgo, [feedbackCount, crashes]] of reports ?? []) {
    const day = days.get(daysAgo);
    days.set(daysAgo, {
      daysAgo,
      sessionCount: Math.max(day?.sessionCount ?? 1, feedbackCount),
      crashCount: Math.max(day?.crashCount ?? 0, crashes),
      feedbackCount,
    });
  }
  return [...days.values()].sort((a, b) => a.daysAgo - b.daysAgo);
}

/** Usage of every tester who has used the app; feedback counts are those of the app's feedback. */
export function drawUsage(model: AppModel, feedback: readonly FeedbackItem[]): TesterUsage[] {
  const reports = reportsByTester(model, feedback);
  const usage: TesterUsage[] = [];
  for (let n = 0; n < model.plan.testers; n++) {
    const tester = testerAt(model, n);
    if (tester.state !== 'INSTALLED') continue;
    const days = drawDays(model, tester, reports.get(tester.id));
    if (days.length > 0) usage.push({ testerId: tester.id, days });
  }
  return usage;
}

/** A public link's funnel by day, newest first; acceptances add up to the group's members. */
export function drawLinkDays(model: AppModel, group: GroupModel, members: number): LinkDay[] {
  if (!group.link) return [];
  const random = new Random(`${model.key}/link-days/${group.index}`);
  const span = Math.max(1, Math.min(364, Math.floor((model.options.epochMs - group.createdMs) / DAY_MS)));
  const weights = Array.from({ length: span }, (_, day) => (0.3 + random.next()) * (day % 30 === 3 ? 4 : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  let accepted = 0;
  return weights.map((weight, daysAgo): LinkDay => {
    before += weight;
    const acceptedCount = Math.round((members * before) / total) - accepted;
    accepted += acceptedCount;
    const didNotAcceptCount = Math.round(acceptedCount * (0.3 + random.next()));
    const didNotMeetCriteriaCount = group.criteria ? Math.round(acceptedCount * random.next()) : 0;
    const notRelevant = Math.round(didNotAcceptCount * 0.2);
    const notClear = Math.round(didNotAcceptCount * 0.1 * random.next());
    return {
      daysAgo,
      viewCount: acceptedCount + didNotAcceptCount + didNotMeetCriteriaCount + random.between(0, 4),
      acceptedCount,
      didNotAcceptCount,
      didNotMeetCriteriaCount,
      notRelevant,
      notClear,
      notInteresting: Math.round(didNotAcceptCount * 0.15),
    };
  });
}
