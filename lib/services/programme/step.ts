import { z } from 'zod';

/** What a file can make, change or delete. */
const APPLES = [
  'betaGroups',
  'betaRecruitmentCriteria',
  'betaAppLocalizations',
  'betaAppReviewDetails',
  'betaLicenseAgreements',
  'betaAppClipInvocations',
  'betaAppClipInvocationLocalizations',
] as const;

/** What stands in a file and is ours. */
const ALERTS = 'alertRules';

/**
 * One request to App Store Connect that brings the programme nearer to the file. It says what is to be and what was seen
 * before, so that it can be judged again right before it is sent, and after an answer that was lost.
 */
export const programmeStep = z.object({
  operation: z.enum(['create', 'update', 'delete']),
  type: z.enum([...APPLES, ALERTS]),
  /** Of what is changed or deleted; null of what is made, and of a group that an earlier step makes. */
  id: z.string().nullable(),
  /** The group it is about, by name: it may be one that an earlier step makes. */
  group: z.string().nullable(),
  /** What it belongs to where that is not the app: the bundle of an App Clip, or an address of one. */
  owner: z.string().nullable(),
  attributes: z.record(z.string(), z.json()),
  /** What was seen when the file was compared. */
  expect: z.record(z.string(), z.json()),
  /** What has to be so before it may be sent: a link lets nobody in whom the file keeps out. */
  needs: z.record(z.string(), z.json()).default({}),
  /** Of a new address of an App Clip, which is made together with its titles. */
  titles: z.record(z.string(), z.string()).nullable(),
});
export type ProgrammeStep = z.infer<typeof programmeStep>;
/** A step that is a request to App Store Connect. */
export type AppleStep = ProgrammeStep & { readonly type: (typeof APPLES)[number] };

export const isApplesStep = (one: ProgrammeStep): one is AppleStep => one.type !== ALERTS;

/** A step with what is usual left out. */
export function step(
  operation: ProgrammeStep['operation'],
  type: ProgrammeStep['type'],
  more: Partial<ProgrammeStep>,
): ProgrammeStep {
  return {
    ...{
      operation,
      type,
      id: null,
      group: null,
      owner: null,
      attributes: {},
      expect: {},
      needs: {},
      titles: null,
    },
    ...more,
  };
}
