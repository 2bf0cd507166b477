import { attributeRefusal, relationshipRefusal, stateRefusal } from '../checks/refusal';
import type { Resource } from '../engine/resource';
import { type Draft, insertNew, type TypeRules, type World } from '../engine/world';
import { checkLength, checkLocale, checkPresent, checkUrl, siblingsOf, withoutNulls } from './text';

const MAX_INVOCATIONS = 3;
const MAX_TITLE = 255;

function checkTitle(title: unknown): void {
  checkPresent('title', title);
  checkLength('title', title, MAX_TITLE);
}

/** Titles of App Clip test addresses. */
export const invocationLocalizationRules: TypeRules = {
  create({ store }, { attributes, relationships }) {
    const siblings = siblingsOf(
      store,
      'betaAppClipInvocations',
      relationships.betaAppClipInvocation?.[0],
      'betaAppClipInvocationLocalizations',
    );
    checkLocale(attributes.locale, siblings);
    checkTitle(attributes.title);
    return undefined;
  },
  update(_world, _localization, changes) {
    if (changes.title !== undefined) checkTitle(changes.title);
    return changes;
  },
};

function titlesOf(draft: Draft): Record<string, unknown>[] {
  const wanted = draft.relationships.betaAppClipInvocationLocalizations ?? [];
  const titles = wanted.map((localId) => draft.included.find((one) => one.localId === localId)?.attributes);
  const described = titles.filter((title) => title !== undefined);
  if (wanted.length === 0 || described.length < wanted.length)
    throw relationshipRefusal(
      'betaAppClipInvocationLocalizations',
      'INVALID',
      'Every localization must be described in included, under the same local id',
    );
  const seen = new Set<unknown>();
  for (const { title, locale } of described) {
    checkTitle(title);
    checkLocale(locale, []);
    if (seen.has(locale))
      throw attributeRefusal('locale', 'INVALID.DUPLICATE', `The locale '${String(locale)}' is named twice`);
    seen.add(locale);
  }
  return described;
}

function clipBundle({ store }: World, draft: Draft): Resource {
  const bundle = store.get('buildBundles', draft.relationships.buildBundle?.[0] ?? '');
  const build = bundle ? store.relatedOne(bundle, 'build') : undefined;
  if (!bundle || !build || bundle.attributes.bundleType !== 'APP_CLIP')
    throw relationshipRefusal('buildBundle', 'INVALID', 'The build bundle is not that of an App Clip');
  const used = store
    .related(build, 'buildBundles')
    .reduce((sum, one) => sum + store.relatedCount(one, 'betaAppClipInvocations'), 0);
  if (used >= MAX_INVOCATIONS)
    throw stateRefusal(
      'ENTITY_STATE_INVALID',
      `A build can have at most ${MAX_INVOCATIONS} App Clip invocations`,
    );
  return bundle;
}

/** App Clip test addresses, made together with their titles. */
export const invocationRules: TypeRules = {
  create(world, draft) {
    const bundle = clipBundle(world, draft);
    checkUrl('url', draft.attributes.url);
    const titles = titlesOf(draft);
    const url = { url: draft.attributes.url };
    const made = insertNew(world, 'betaAppClipInvocations', bundle.appId, url, { buildBundle: bundle.id });
    for (const title of titles)
      insertNew(world, 'betaAppClipInvocationLocalizations', bundle.appId, title, {
        betaAppClipInvocation: made.id,
      });
    return made;
  },
  update(_world, _invocation, changes) {
    const given = withoutNulls(changes);
    checkUrl('url', given.url);
    return given;
  },
};
