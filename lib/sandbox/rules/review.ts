import { relationshipRefusal } from '../checks/refusal';
import type { Resource } from '../engine/resource';
import { insertNew, type TypeRules, type World } from '../engine/world';
import { PACE } from '../life/pace';
import { externalState, setStates } from './build-state';
import { cannotSubmit } from './builds';
import { checkEmail, checkLength, withoutNulls } from './text';

const CONTACT = ['contactFirstName', 'contactLastName', 'contactPhone', 'contactEmail'] as const;
const PENDING = new Set(['WAITING_FOR_REVIEW', 'IN_REVIEW']);

function isBlank(value: unknown): boolean {
  return typeof value !== 'string' || value.trim() === '';
}

function checkState(world: World, build: Resource): void {
  if (build.attributes.buildAudienceType === 'INTERNAL_ONLY')
    cannotSubmit('INVALID_QC_STATE', 'The build is for internal testing only.');
  const state = externalState(world, build);
  if (state === 'MISSING_EXPORT_COMPLIANCE')
    cannotSubmit('MISSING_EXPORT_COMPLIANCE', 'The export compliance answer of the build is missing.');
  if (state !== 'READY_FOR_BETA_SUBMISSION')
    cannotSubmit('INVALID_QC_STATE', `The build is in state ${state} and cannot be submitted.`);
}

function checkTexts(world: World, app: Resource): void {
  const texts = world.store.related(app, 'betaAppLocalizations');
  if (texts.length === 0 || texts.some((text) => isBlank(text.attributes.description)))
    cannotSubmit('', 'Beta App Description is missing.');
  if (texts.every((text) => isBlank(text.attributes.feedbackEmail)))
    cannotSubmit('', 'Feedback Email is missing.');
}

function checkContact(world: World, app: Resource): void {
  const detail = world.store.relatedOne(app, 'betaAppReviewDetail');
  const missing = CONTACT.find((name) => isBlank(detail?.attributes[name]));
  if (missing) cannotSubmit('', `Beta App Review information is missing: ${missing}.`);
  const { demoAccountRequired, demoAccountName, demoAccountPassword } = detail?.attributes ?? {};
  if (demoAccountRequired === true && (isBlank(demoAccountName) || isBlank(demoAccountPassword)))
    cannotSubmit('', 'The demo account is required but incomplete.');
}

function checkTrain(world: World, build: Resource): void {
  const train = world.store.relatedOne(build, 'preReleaseVersion');
  for (const sibling of train ? world.store.related(train, 'builds') : []) {
    const submission = world.store.relatedOne(sibling, 'betaAppReviewSubmission');
    const isPending = PENDING.has(String(submission?.attributes.betaReviewState));
    if (sibling.id !== build.id && isPending && sibling.attributes.expired !== true)
      cannotSubmit('ANOTHER_BUILD_IN_REVIEW', 'Another build of this version is in review.');
  }
}

export const submissionRules: TypeRules = {
  create(world, draft) {
    const build = world.store.get('builds', draft.relationships.build?.[0] ?? '');
    const app = build?.appId ? world.store.get('apps', build.appId) : undefined;
    if (!build || !app) throw relationshipRefusal('build', 'INVALID', 'There is no such build');
    checkState(world, build);
    checkTexts(world, app);
    checkContact(world, app);
    checkTrain(world, build);
    const earlier = world.store.relatedOne(build, 'betaAppReviewSubmission');
    if (earlier) world.store.remove(earlier);
    return insertNew(
      world,
      'betaAppReviewSubmissions',
      build.appId,
      { betaReviewState: 'WAITING_FOR_REVIEW', submittedDate: world.clock.iso() },
      { build: build.id },
    );
  },
  created(world, submission) {
    const build = world.store.relatedOne(submission, 'build');
    if (build) setStates(world, build, { external: 'WAITING_FOR_BETA_REVIEW' });
    world.wake(submission, PACE.reviewQueue + world.settings.reviewDelayMs);
  },
};

export const reviewDetailRules: TypeRules = {
  update(_world, _detail, changes) {
    checkLength('notes', changes.notes);
    checkEmail('contactEmail', changes.contactEmail);
    const { demoAccountRequired, ...texts } = changes;
    return { ...texts, ...withoutNulls({ demoAccountRequired: demoAccountRequired ?? null }) };
  },
};
