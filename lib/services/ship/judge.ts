import { addCall, createCall, updateCall } from '@/lib/asc/calls';
import { TESTABLE, WITH_BETA_REVIEW } from '@/lib/asc/catalogue/values';
import { isolated } from '@/lib/format/isolated';
import { languageName } from '@/lib/format/languages';
import type { BuildFacts } from './facts';
import { compliance, ready } from './judge-compliance';
import type { ShipStep } from './steps';
import { failed, type Stop, so, type Verdict, wait } from './verdict';

/** A step that is judged by the build. */
export type BuildStep = Exclude<ShipStep, { step: 'time' | 'consent' | 'gate' }>;

/** What else a step needs to know. */
export interface Asked {
  /** Whether the group has the build; null when the group is gone. */
  readonly isInGroup?: boolean | null;
  /** The name of another build of its version and platform that is in review, where there is one. */
  readonly inReview?: string | null;
  /** The declaration that the build answers by; null where it has none. */
  readonly declarationId?: string | null;
}

const is = (state: string | null, ...states: readonly string[]) => state !== null && states.includes(state);
export const BUILD_GONE = failed(
  'BUILD_GONE',
  'The build is no longer there at App Store Connect. Ship another build.',
);

/** That nobody can test a build any more; null while somebody can. */
export function expired(build: BuildFacts): Stop | null {
  if (!build.isExpired && !is(build.external, 'EXPIRED')) return null;
  return failed('BUILD_EXPIRED', `${build.name} has expired: nobody can test it. Ship another build.`);
}

/** Judges a step by the build as it is now, never by what the job has done before. */
export function judge(step: BuildStep, build: BuildFacts | null, asked: Asked = {}): Verdict {
  if (build === null) return BUILD_GONE;
  const over = expired(build);
  if (over) return over;
  switch (step.step) {
    case 'processing':
      return processing(build);
    case 'quiet':
      return switched(build, false);
    case 'loud':
      return switched(build, true);
    case 'compliance':
      return compliance(build, step.declarationId, asked.declarationId);
    case 'ready':
      return ready(build, asked.declarationId);
    case 'note':
      return note(build, step);
    case 'group':
      return group(build, step, asked.isInGroup);
    case 'submit':
      return submit(build, asked.inReview ?? null);
    case 'approval':
      return approval(build);
    case 'notify':
      return notify(build);
  }
}

function processing(build: BuildFacts): Verdict {
  if (is(build.processingState, 'FAILED', 'INVALID') || is(build.internal, 'PROCESSING_EXCEPTION'))
    return failed(
      'PROCESSING',
      'App Store Connect could not process the build. Upload it again under a higher number, and ship that.',
    );
  return is(build.processingState, 'VALID') && !is(build.internal, 'PROCESSING')
    ? { is: 'there', words: 'Processed.' }
    : wait('App Store Connect is processing the build.');
}

function switched(build: BuildFacts, autoNotifyEnabled: boolean): Verdict {
  const { detailId, isAutoNotified, name } = build;
  if (isAutoNotified === autoNotifyEnabled)
    return so(`Automatic notification was ${autoNotifyEnabled ? 'on' : 'off'} already.`);
  if (detailId === null) return wait('App Store Connect has no settings of the build yet.');
  const requested = { attributes: { autoNotifyEnabled } };
  return {
    is: 'send',
    call: updateCall('buildBetaDetails', detailId, requested),
    entry: { label: name, before: { attributes: { autoNotifyEnabled: isAutoNotified } }, requested },
  };
}

function note(build: BuildFacts, { locale, whatsNew }: Extract<ShipStep, { step: 'note' }>): Verdict {
  const known = build.texts.get(locale);
  if (known?.whatsNew === whatsNew) return so('The text was there already.');
  const label = languageName(locale);
  if (known)
    return {
      is: 'send',
      call: updateCall('betaBuildLocalizations', known.id, { attributes: { whatsNew } }),
      entry: {
        label,
        before: { attributes: { whatsNew: known.whatsNew } },
        requested: { attributes: { whatsNew } },
      },
    };
  const input = {
    attributes: { locale, whatsNew },
    relationships: { build: { data: { type: 'builds' as const, id: build.id } } },
  };
  return {
    is: 'send',
    call: createCall('betaBuildLocalizations', input),
    entry: { label, before: null, requested: input },
  };
}

export function groupGone(name: string): Stop {
  return failed(
    'GROUP_GONE',
    `The group “${isolated(name)}” is no longer there at App Store Connect. Ship the build once more with another group; what is done is left out.`,
  );
}

function group(
  build: BuildFacts,
  { groupId, name, getsEveryBuild }: Extract<ShipStep, { step: 'group' }>,
  isInGroup: boolean | null | undefined,
): Verdict {
  if (isInGroup === null) return groupGone(name);
  if (isInGroup) return so('The group had the build already.');
  if (getsEveryBuild) return wait('The group gets every build by itself; this one has not come yet.');
  return {
    is: 'send',
    call: addCall('betaGroups', groupId, 'builds', [build.id]),
    entry: { label: build.name, requested: { builds: [build.id] } },
  };
}

function submit(build: BuildFacts, inReview: string | null): Verdict {
  if (is(build.external, ...WITH_BETA_REVIEW)) return so('Beta review had the build already.');
  if (is(build.external, ...TESTABLE)) return so('The build needs no review: it may be tested already.');
  const never = unreviewable(build);
  if (never) return never;
  if (inReview !== null)
    return wait(
      `${inReview} is in beta review, which takes one build of a version at a time. Wait for its decision, or expire it to take it back.`,
    );
  const input = { relationships: { build: { data: { type: 'builds' as const, id: build.id } } } };
  return {
    is: 'send',
    call: createCall('betaAppReviewSubmissions', input),
    entry: { label: build.name, before: null, requested: input },
  };
}

function unreviewable(build: BuildFacts): Verdict | null {
  if (is(build.external, 'BETA_REJECTED'))
    return failed(
      'REJECTED',
      'Beta review has rejected the build. The reasons stand in App Store Connect alone: its API gives none. Mend what was found, upload a new build and ship that one.',
    );
  if (build.isInternalOnly || is(build.external, 'NOT_APPLICABLE'))
    return failed(
      'INTERNAL_ONLY',
      'The build was made for internal testing only and goes through no beta review. Ship it to internal groups, or upload another build.',
    );
  return null;
}

function approval(build: BuildFacts): Verdict {
  if (is(build.external, ...TESTABLE)) return { is: 'there', words: 'Approved for external testers.' };
  return unreviewable(build) ?? wait('Beta review has not decided yet.');
}

function notify(build: BuildFacts): Verdict {
  if (is(build.external, ...WITH_BETA_REVIEW)) return wait('Beta review has not decided yet.');
  const never = unreviewable(build);
  if (never) return never;
  if (!is(build.external, ...TESTABLE))
    return failed(
      'NOT_TESTABLE',
      'External testers cannot have the build before beta review has approved it. Ship it once more and submit it for review.',
    );
  if (build.isAutoNotified !== false)
    return so('App Store Connect tells testers by itself: automatic notification is on.');
  const input = { relationships: { build: { data: { type: 'builds' as const, id: build.id } } } };
  return {
    is: 'send',
    call: createCall('buildBetaNotifications', input),
    entry: {
      label: build.name,
      // An answer that is lost is looked for by the change from this state.
      before: { attributes: { externalBuildState: build.external } },
      requested: input,
    },
  };
}
