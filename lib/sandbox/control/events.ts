import type { Assembly } from '../assembly';
import type { Resource } from '../engine/resource';
import { countUse, submitFeedback, uploadBuild } from '../life/arrivals';
import { failProcessing, refuseUpload } from '../life/failed-uploads';
import { countVisit, joinByLink } from '../life/links';
import { type Device, decideReview, diceOf, finishProcessing, install, someDevice } from '../life/steps';
import { setStates } from '../rules/build-state';
import { type ControlCall, ControlError, type Handler } from './call';
import { optionalNumber, optionalText } from './input';

type Event = (parts: Assembly, input: Record<string, unknown>) => unknown;

function found(parts: Assembly, type: string, input: Record<string, unknown>, name: string): Resource {
  const id = optionalText(input, name);
  const resource = id === undefined ? undefined : parts.world.store.get(type, id);
  if (!resource) throw new ControlError(`${name} names no ${type}`, 404);
  return resource;
}

function join(parts: Assembly, input: Record<string, unknown>): unknown {
  const group = found(parts, 'betaGroups', input, 'groupId');
  const n = parts.life.next('joining', group.appId ?? '');
  const device =
    (input.device as Device | undefined) ?? someDevice(parts.world, group.appId ?? '', diceOf(`${n}`));
  return joinByLink(parts.world, group, n, device);
}

const OUTCOMES = ['didNotAcceptCount', 'didNotMeetCriteriaCount'] as const;
const REASONS = ['notRelevant', 'notClear', 'notInteresting'] as const;

function visit(parts: Assembly, input: Record<string, unknown>): unknown {
  const group = found(parts, 'betaGroups', input, 'groupId');
  const outcome = OUTCOMES.find((one) => one === input.outcome);
  const reason = REASONS.find((one) => one === input.reason);
  countVisit(parts.world, group, 'viewCount', ...(outcome ? [outcome] : []), ...(reason ? [reason] : []));
  return group;
}

const KINDS: Readonly<Record<string, string>> = {
  crash: 'betaFeedbackCrashSubmissions',
  screenshot: 'betaFeedbackScreenshotSubmissions',
};

function feedback(parts: Assembly, input: Record<string, unknown>): unknown {
  const app = found(parts, 'apps', input, 'appId');
  const type = KINDS[optionalText(input, 'type') ?? ''];
  const logText = optionalText(input, 'logText');
  const attributes = {
    ...((input.attributes ?? {}) as Record<string, unknown>),
    ...(logText === undefined ? {} : { logText }),
  };
  const relationships: Record<string, string | null> = {};
  for (const [name, key] of [
    ['build', 'buildId'],
    ['tester', 'testerId'],
  ] as const)
    if (input[key] !== undefined) relationships[name] = optionalTextOrNull(input[key]);
  const n = parts.life.next('feedback', app.id);
  return submitFeedback(parts.world, app.id, n, {
    ...(type === undefined ? {} : { type }),
    attributes,
    relationships,
  });
}

function optionalTextOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function review(parts: Assembly, input: Record<string, unknown>): unknown {
  const build = found(parts, 'builds', input, 'buildId');
  const submission = parts.world.store.relatedOne(build, 'betaAppReviewSubmission');
  if (!submission) throw new ControlError('the build has not been submitted', 409);
  if (input.decision === 'IN_REVIEW') {
    parts.world.store.update(submission, { betaReviewState: 'IN_REVIEW', nextAt: null });
    setStates(parts.world, build, { external: 'IN_BETA_REVIEW' });
    return submission;
  }
  if (input.decision !== 'APPROVED' && input.decision !== 'REJECTED')
    throw new ControlError('decision is one of IN_REVIEW, APPROVED, REJECTED');
  parts.world.store.update(submission, { nextAt: null });
  decideReview(parts.world, submission, input.decision === 'APPROVED');
  return submission;
}

function testerStep(parts: Assembly, input: Record<string, unknown>, isInstalled: boolean): unknown {
  const tester = found(parts, 'betaTesters', input, 'testerId');
  parts.world.store.update(tester, { state: 'ACCEPTED', nextAt: null });
  if (isInstalled) install(parts.world, tester);
  return tester;
}

const EVENTS: Readonly<Record<string, Event>> = {
  join,
  visit,
  feedback,
  review,
  accept: (parts, input) => testerStep(parts, input, false),
  install: (parts, input) => testerStep(parts, input, true),
  use: (parts, input) => {
    const tester = found(parts, 'betaTesters', input, 'testerId');
    const buildId = optionalText(input, 'buildId');
    countUse(parts.world, tester, {
      sessionCount: optionalNumber(input, 'sessionCount') ?? 1,
      crashCount: optionalNumber(input, 'crashCount') ?? 0,
      feedbackCount: optionalNumber(input, 'feedbackCount') ?? 0,
      ...(buildId === undefined ? {} : { buildId }),
    });
    return tester;
  },
  upload: (parts, input) => {
    const app = found(parts, 'apps', input, 'appId');
    return uploadBuild(parts.world, app.id, (input.attributes ?? {}) as Record<string, unknown>);
  },
  /** An upload that Apple refuses before it becomes a build. */
  'refuse-upload': (parts, input) => refuseUpload(parts.world, found(parts, 'apps', input, 'appId'), input),
  /** Processing that never ends: nothing but another event moves the build on. */
  'hang-processing': (parts, input) => {
    const build = found(parts, 'builds', input, 'buildId');
    parts.world.store.update(build, { nextAt: null });
    return build;
  },
  'fail-processing': (parts, input) => {
    const build = found(parts, 'builds', input, 'buildId');
    failProcessing(parts.world, build, input);
    return build;
  },
  'finish-processing': (parts, input) => {
    const build = found(parts, 'builds', input, 'buildId');
    finishProcessing(parts.world, build);
    return build;
  },
  /** Overwrites stored attributes, for states that no other event leads to. */
  set: (parts, input) => {
    const resource = found(parts, optionalText(input, 'type') ?? '', input, 'id');
    parts.world.store.update(resource, (input.attributes ?? {}) as Record<string, unknown>);
    return resource;
  },
  remove: (parts, input) => {
    const resource = found(parts, optionalText(input, 'type') ?? '', input, 'id');
    parts.world.store.remove(resource);
    return resource;
  },
};

function happen(parts: Assembly, { input }: ControlCall): unknown {
  const event = EVENTS[optionalText(input, 'kind') ?? ''];
  if (!event) throw new ControlError(`kind is one of ${Object.keys(EVENTS).join(', ')}`);
  return event(parts, input);
}

/** Things that happen outside the API: on testers' phones and at Apple. */
export const events: Readonly<Record<string, Handler>> = { 'POST events': happen };
