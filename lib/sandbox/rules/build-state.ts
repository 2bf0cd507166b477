import type { Resource } from '../engine/resource';
import type { World } from '../engine/world';

const EXTERNAL = new Set(['BETA_APPROVED', 'IN_BETA_TESTING', 'READY_FOR_BETA_TESTING']);
const INTERNAL = new Set(['READY_FOR_BETA_TESTING', 'IN_BETA_TESTING']);

/** The beta detail of a build; every build has one from the moment it appears. */
export function detailOf(world: World, build: Resource): Resource {
  const detail = world.store.relatedOne(build, 'buildBetaDetail');
  if (!detail) throw new Error(`build ${build.id} has no beta detail`);
  return detail;
}

export function externalState(world: World, build: Resource): string {
  return String(detailOf(world, build).attributes.externalBuildState);
}

export function internalState(world: World, build: Resource): string {
  return String(detailOf(world, build).attributes.internalBuildState);
}

/** Passed review and neither expired nor held back. */
export function isExternallyTestable(world: World, build: Resource): boolean {
  return build.attributes.expired !== true && EXTERNAL.has(externalState(world, build));
}

export function isInternallyTestable(world: World, build: Resource): boolean {
  return build.attributes.expired !== true && INTERNAL.has(internalState(world, build));
}

/** Moves a build's states and tells the webhooks when the external one has changed. */
export function setStates(
  world: World,
  build: Resource,
  states: { internal?: string; external?: string },
): void {
  const detail = detailOf(world, build);
  const before = detail.attributes.externalBuildState;
  world.store.update(detail, {
    ...(states.internal === undefined ? {} : { internalBuildState: states.internal }),
    ...(states.external === undefined ? {} : { externalBuildState: states.external }),
  });
  if (states.external === undefined || states.external === before || build.appId === null) return;
  world.webhooks.emit({
    appId: build.appId,
    eventType: 'BUILD_BETA_DETAIL_EXTERNAL_BUILD_STATE_UPDATED',
    attributes: { oldExternalBuildState: before, newExternalBuildState: states.external },
    instance: { type: 'buildBetaDetails', id: detail.id },
  });
}
