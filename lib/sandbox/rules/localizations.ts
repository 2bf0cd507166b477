import { stateRefusal } from '../checks/refusal';
import type { TypeRules } from '../engine/world';
import { checkCharacters, checkEmail, checkLength, checkLocale, checkUrl, siblingsOf } from './text';

function checkWhatsNew(text: unknown): void {
  checkLength('whatsNew', text);
  checkCharacters('whatsNew', text);
}

/** What to Test. */
export const buildLocalizationRules: TypeRules = {
  create({ store }, { attributes, relationships }) {
    checkLocale(
      attributes.locale,
      siblingsOf(store, 'builds', relationships.build?.[0], 'betaBuildLocalizations'),
    );
    checkWhatsNew(attributes.whatsNew);
    return undefined;
  },
  update(_world, _localization, changes) {
    checkWhatsNew(changes.whatsNew);
    return changes;
  },
};

function checkInformation(attributes: Readonly<Record<string, unknown>>): void {
  checkLength('description', attributes.description);
  checkEmail('feedbackEmail', attributes.feedbackEmail);
  checkUrl('marketingUrl', attributes.marketingUrl);
  checkUrl('privacyPolicyUrl', attributes.privacyPolicyUrl);
}

/** Test Information. */
export const appLocalizationRules: TypeRules = {
  create({ store }, { attributes, relationships }) {
    checkLocale(attributes.locale, siblingsOf(store, 'apps', relationships.app?.[0], 'betaAppLocalizations'));
    checkInformation(attributes);
    return undefined;
  },
  update(_world, _localization, changes) {
    checkInformation(changes);
    return changes;
  },
  remove({ store }, localization) {
    const app = store.relatedOne(localization, 'app');
    if (app?.attributes.primaryLocale === localization.attributes.locale)
      throw stateRefusal('ENTITY_STATE_INVALID', 'The localization of the primary locale cannot be deleted');
    return false;
  },
};
