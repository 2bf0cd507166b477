import type { AppModel } from '../app-model';
import type { IdSeries } from '../ids';
import { uuidSeries } from '../ids';
import { mix } from '../prng';
import type { Seed } from '../types';

const TITLES: Record<string, readonly string[]> = {
  'en-US': ['Try it here', 'Table card', 'Poster at the stop'],
  'de-DE': ['Hier ausprobieren', 'Tischkarte', 'Plakat an der Haltestelle'],
  ja: ['ここで試す', 'テーブルカード', '停留所のポスター'],
};

/** One to three test addresses of an App Clip bundle, each with titles in one to three languages. */
export function invocationSeeds(model: AppModel, bundleId: string, idAt: IdSeries, first: number): Seed[] {
  const count = 1 + (mix(first, model.index) % 3);
  const paths = ['', 'table/12', 'stop?line=12&dir=%E5%8D%97'];
  return paths.slice(0, count).flatMap((path, i): Seed[] => {
    const id = idAt(first + i * 5);
    const locales = Object.keys(TITLES).slice(0, 1 + ((i + model.index) % 3));
    return [
      {
        type: 'betaAppClipInvocations',
        id,
        attributes: { url: `https://${model.brand.slug}.example.com/clip/${path}` },
        relationships: { buildBundle: bundleId },
      },
      ...locales.map(
        (locale, n): Seed => ({
          type: 'betaAppClipInvocationLocalizations',
          id: idAt(first + i * 5 + n + 1),
          attributes: { locale, title: TITLES[locale]?.[i] ?? 'Clip' },
          relationships: { betaAppClipInvocation: id },
        }),
      ),
    ];
  });
}

/** The App Clip itself, with its default and one advanced experience. */
export function clipSeeds(model: AppModel): Seed[] {
  const idAt = uuidSeries(`${model.key}/clip`);
  return [
    {
      type: 'appClips',
      id: idAt(0),
      attributes: { bundleId: `${model.bundleId}.Clip` },
      relationships: { app: model.id },
    },
    {
      type: 'appClipDefaultExperiences',
      id: idAt(1),
      attributes: { action: 'OPEN' },
      relationships: { appClip: idAt(0) },
    },
    {
      type: 'appClipDefaultExperienceLocalizations',
      id: idAt(2),
      attributes: { locale: 'en-US', subtitle: `${model.brand.name} without installing` },
      relationships: { appClipDefaultExperience: idAt(1) },
    },
    {
      type: 'appClipAdvancedExperiences',
      id: idAt(3),
      attributes: {
        link: `https://${model.brand.slug}.example.com/clip/table`,
        version: 1,
        status: 'RECEIVED',
        action: 'VIEW',
        isPoweredBy: false,
        place: null,
        placeStatus: null,
        businessCategory: model.brand.topic === 'transit' ? 'TRANSIT' : 'ENTERTAINMENT',
        defaultLanguage: 'EN',
      },
      relationships: { appClip: idAt(0) },
    },
  ];
}
