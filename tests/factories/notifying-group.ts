import type { Sandbox } from '@/lib/sandbox/server';

/** An external group with a testable build that notifies by itself, so that invitations are sent at once. */
export function chooseGroup(sandbox: Sandbox): { appId: string; groupId: string } {
  const { store } = sandbox.parts().world;
  for (const group of store.all('betaGroups').values()) {
    if (group.attributes.isInternalGroup === true || group.appId === null) continue;
    const isReady = store.related(group, 'builds').some((build) => {
      const detail = store.related(build, 'buildBetaDetail')[0];
      return (
        detail?.attributes.externalBuildState === 'IN_BETA_TESTING' &&
        detail.attributes.autoNotifyEnabled === true
      );
    });
    if (isReady) return { appId: group.appId, groupId: group.id };
  }
  throw new Error('The sandbox has no external group with a build that notifies by itself.');
}
