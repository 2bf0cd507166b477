import { countReplaced } from '../engine/build-usage';
import type { Resource } from '../engine/resource';
import type { World } from '../engine/world';
import { externalTestersOf, isInternal, notifyTesters, testersOf } from '../rules/access';
import { detailOf, internalState, setStates } from '../rules/build-state';
import { giveToAllBuildsGroups, startTesting } from '../rules/group-builds';
import { PACE } from './pace';

export interface Device {
  model: string;
  platform: string;
  osVersion: string;
}

const FALLBACK_DEVICE: Device = { model: 'iPhone17,1', platform: 'IOS', osVersion: '26.1' };

/** A number from 0 to 255 that is always the same for an id: the sandbox's dice. */
export function diceOf(id: string): number {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) & 0xffff;
  return sum & 0xff;
}

function isDeclared(world: World, build: Resource): boolean {
  const declaration = world.store.relatedOne(build, 'appEncryptionDeclaration');
  return declaration?.attributes.appEncryptionDeclarationState === 'APPROVED';
}

/** Where a build stands once processing is over, by its export compliance answer. */
function afterProcessing(world: World, build: Resource): { internal: string; external: string } {
  const answer = build.attributes.usesNonExemptEncryption;
  if (answer === null || answer === undefined)
    return { internal: 'MISSING_EXPORT_COMPLIANCE', external: 'MISSING_EXPORT_COMPLIANCE' };
  if (answer === true && !isDeclared(world, build))
    return { internal: 'IN_EXPORT_COMPLIANCE_REVIEW', external: 'IN_EXPORT_COMPLIANCE_REVIEW' };
  const isInternalOnly = build.attributes.buildAudienceType === 'INTERNAL_ONLY';
  return {
    internal: 'READY_FOR_BETA_TESTING',
    external: isInternalOnly ? 'NOT_APPLICABLE' : 'READY_FOR_BETA_SUBMISSION',
  };
}

function completeUpload(world: World, build: Resource): void {
  const upload = world.store.relatedOne(build, 'buildUpload');
  const state = upload?.attributes.state as { state?: string } | undefined;
  if (!upload || build.appId === null || state?.state !== 'PROCESSING') return;
  world.store.update(upload, {
    uploadedDate: world.clock.iso(),
    state: { ...state, state: 'COMPLETE' },
  });
  world.webhooks.emit({
    appId: build.appId,
    eventType: 'BUILD_UPLOAD_STATE_UPDATED',
    attributes: { oldState: 'PROCESSING', newState: 'COMPLETE' },
    instance: { type: 'buildUploads', id: upload.id },
  });
}

/** Processing is over: the build becomes testable, or waits for an export compliance answer. */
export function finishProcessing(world: World, build: Resource): void {
  const waits = ['PROCESSING', 'IN_EXPORT_COMPLIANCE_REVIEW'].includes(internalState(world, build));
  if (build.attributes.expired === true || !waits) return;
  world.store.update(build, { processingState: 'VALID' });
  setStates(world, build, afterProcessing(world, build));
  completeUpload(world, build);
  giveToAllBuildsGroups(world, build);
}

/** Ends a review; an approved build starts reaching its external groups. */
export function decideReview(world: World, submission: Resource, approved: boolean): void {
  const build = world.store.relatedOne(submission, 'build');
  if (!build || build.attributes.expired === true) return;
  world.store.update(submission, { betaReviewState: approved ? 'APPROVED' : 'REJECTED' });
  setStates(world, build, { external: approved ? 'BETA_APPROVED' : 'BETA_REJECTED' });
  if (!approved || detailOf(world, build).attributes.autoNotifyEnabled !== true) return;
  startTesting(
    world,
    build,
    world.store.related(build, 'betaGroups').filter((group) => !isInternal(group)),
  );
  notifyTesters(world, build, externalTestersOf(world, build));
}

function isApproved({ settings }: World, { id }: Resource): boolean {
  return settings.reviewDecision === null ? diceOf(id) % 8 !== 0 : settings.reviewDecision === 'APPROVED';
}

function stepReview(world: World, submission: Resource): void {
  const build = world.store.relatedOne(submission, 'build');
  if (!build || build.attributes.expired === true) return;
  const { betaReviewState } = submission.attributes;
  if (betaReviewState === 'WAITING_FOR_REVIEW') {
    world.store.update(submission, { betaReviewState: 'IN_REVIEW' });
    setStates(world, build, { external: 'IN_BETA_REVIEW' });
    world.wake(submission, PACE.review + world.settings.reviewDelayMs);
  } else if (betaReviewState === 'IN_REVIEW') decideReview(world, submission, isApproved(world, submission));
}

/** A device that somebody in the app uses, or a recent phone. */
export function someDevice(world: World, appId: string, dice: number): Device {
  const app = world.store.get('apps', appId);
  let skipped = dice % 20;
  for (const id of app ? world.store.relatedIds(app, 'betaTesters') : []) {
    const [device] = (world.store.get('betaTesters', id)?.attributes.appDevices ?? []) as Device[];
    if (device && skipped === 0) return device;
    if (device) skipped -= 1;
  }
  return FALLBACK_DEVICE;
}

/** The newest build a tester can reach, by upload date. */
function newestBuildOf(world: World, tester: Resource): Resource | undefined {
  const builds = [
    ...world.store.related(tester, 'betaGroups').flatMap((group) => world.store.related(group, 'builds')),
    ...world.store.related(tester, 'builds'),
  ].filter((build) => build.attributes.expired !== true && testersOf(world, build).has(tester.id));
  const at = (build: Resource): number => Date.parse(String(build.attributes.uploadedDate));
  return builds.sort((a, b) => at(b) - at(a))[0];
}

/** An accepted tester puts the newest build on a device. */
export function install(world: World, tester: Resource): void {
  const build = newestBuildOf(world, tester);
  if (!build) return;
  const device =
    (tester.attributes.joinedWith as Device | undefined) ??
    someDevice(world, tester.appId ?? '', diceOf(tester.id));
  const appDevices = [{ ...device, appBuildVersion: build.attributes.version }];
  countReplaced(world, tester, build);
  world.store.update(tester, { state: 'INSTALLED', appDevices });
}

function stepTester(world: World, tester: Resource): void {
  const { state } = tester.attributes;
  if (state === 'INVITED' && diceOf(tester.id) % 6 !== 0) {
    world.store.update(tester, { state: 'ACCEPTED' });
    world.wake(tester, PACE.install);
  } else if (state === 'ACCEPTED') install(world, tester);
}

function stepDeclaration(world: World, declaration: Resource): void {
  if (declaration.attributes.appEncryptionDeclarationState !== 'IN_REVIEW') return;
  const codeValue = declaration.id.slice(0, 8);
  world.store.update(declaration, { appEncryptionDeclarationState: 'APPROVED', codeValue });
  for (const build of world.store.related(declaration, 'builds')) finishProcessing(world, build);
}

/** What a resource does when its time has come, by type. */
export const steps: Readonly<Record<string, (world: World, resource: Resource) => void>> = {
  appEncryptionDeclarations: stepDeclaration,
  betaAppReviewSubmissions: stepReview,
  betaTesters: stepTester,
  builds: finishProcessing,
};
