import { relationshipRefusal, stateRefusal, unprocessable } from '../checks/refusal';
import type { Resource } from '../engine/resource';
import type { Draft, LinkRules, TypeRules, World } from '../engine/world';
import { PACE } from '../life/pace';
import { notifyTesters } from './access';
import { detailOf, externalState, isExternallyTestable, setStates } from './build-state';
import { withoutNulls } from './text';

/** Ends testing of a build for good; whatever waited for review is withdrawn by it. */
export function expire(world: World, build: Resource): void {
  if (build.attributes.expired !== true) world.store.update(build, { expired: true });
  setStates(world, build, { internal: 'EXPIRED', external: 'EXPIRED' });
}

function checkDeclaration(world: World, build: Resource, declarationId: string): Resource {
  const declaration = world.store.get('appEncryptionDeclarations', declarationId);
  if (!declaration || declaration.appId !== build.appId)
    throw relationshipRefusal(
      'appEncryptionDeclaration',
      'INVALID',
      'The declaration belongs to another app',
    );
  return declaration;
}

function checkAnswer(world: World, build: Resource, answer: boolean, draft: Draft): void {
  const before = build.attributes.usesNonExemptEncryption;
  if (typeof before === 'boolean' && before !== answer)
    throw stateRefusal(
      'ENTITY_STATE_INVALID',
      'The export compliance answer of this build cannot be changed',
    );
  if (!answer) return;
  const declarationId =
    draft.relationships.appEncryptionDeclaration?.[0] ??
    world.store.relatedId(build, 'appEncryptionDeclaration');
  if (declarationId === null)
    throw relationshipRefusal(
      'appEncryptionDeclaration',
      'REQUIRED',
      'A build that uses non-exempt encryption needs an app encryption declaration',
    );
  checkDeclaration(world, build, declarationId);
}

/** After an answer the build goes through processing once more, for a minute. */
function answered(world: World, build: Resource): void {
  if (detailOf(world, build).attributes.internalBuildState !== 'MISSING_EXPORT_COMPLIANCE') return;
  setStates(world, build, { internal: 'PROCESSING', external: 'PROCESSING' });
  world.wake(build, PACE.exportAnswer);
}

export const buildRules: TypeRules = {
  update(world, build, changes, draft) {
    const given = withoutNulls(changes);
    const declarationId = draft.relationships.appEncryptionDeclaration?.[0];
    if (declarationId !== undefined) checkDeclaration(world, build, declarationId);
    if (given.expired === false && build.attributes.expired === true)
      throw stateRefusal('ENTITY_STATE_INVALID', 'An expired build cannot be tested again');
    if (typeof given.usesNonExemptEncryption === 'boolean')
      checkAnswer(world, build, given.usesNonExemptEncryption, draft);
    return given;
  },
  updated(world, build, before) {
    if (build.attributes.expired === true && before.expired !== true) expire(world, build);
    else if (build.attributes.usesNonExemptEncryption !== before.usesNonExemptEncryption)
      answered(world, build);
  },
};

/** Attaching a declaration to a build, named from the build. */
export const buildDeclarationRules: LinkRules = {
  add(world, edges) {
    for (const { owner, target } of edges) checkDeclaration(world, owner, target.id);
  },
};

export const buildDetailRules: TypeRules = {
  update: (_world, _detail, changes) => withoutNulls(changes),
};

/** Manual notices; refused while the build sends them by itself. They leave no resource behind. */
export const notificationRules: TypeRules = {
  create(world, draft) {
    const build = world.store.get('builds', draft.relationships.build?.[0] ?? '');
    if (!build) throw relationshipRefusal('build', 'INVALID', 'There is no such build');
    if (detailOf(world, build).attributes.autoNotifyEnabled === true)
      throw stateRefusal('ENTITY_STATE_INVALID', 'Auto-notify already enabled');
    if (!isExternallyTestable(world, build))
      throw stateRefusal('ENTITY_STATE_INVALID', 'Build is not in externally testable state.');
    if (externalState(world, build) !== 'IN_BETA_TESTING')
      setStates(world, build, { external: 'IN_BETA_TESTING' });
    notifyTesters(world, build);
    const id = world.ids.fresh('buildBetaNotifications', () => false);
    return { type: 'buildBetaNotifications', id, appId: build.appId, attributes: {}, relationships: {} };
  },
};

/** 422 for everything that keeps a build from being submitted. */
export function cannotSubmit(leaf: string, detail: string): never {
  throw unprocessable(leaf, 'The request entity is not processable in its current state', detail);
}
