import type { AppModel } from '../app-model';
import type { Topic } from '../brands';
import { uuidSeries } from '../ids';
import { Random } from '../prng';
import type { Seed } from '../types';
import type { BuildModel } from './builds';

/** What to Test by language; no emoji and no angle bracket, which Apple refuses here. */
const OPENINGS: Record<string, readonly string[]> = {
  'en-US': [
    'Thank you for testing! Please look at these changes:',
    'In this build:',
    'We rebuilt a good part of this version. Please try:',
  ],
  'de-DE': ['Danke fürs Testen! Bitte besonders ansehen:', 'Neu in diesem Build:'],
  'fr-FR': ['Merci de tester ! À regarder en particulier :', 'Dans cette version :'],
  'es-ES': ['¡Gracias por probar! Fíjate sobre todo en:'],
  ja: ['テストへのご協力ありがとうございます。今回の確認項目:'],
  'pt-BR': ['Obrigado por testar! Nesta versão:'],
  'zh-Hans': ['感谢参与测试！请重点关注：'],
  ru: ['Спасибо за тестирование! Обратите внимание:'],
  ar: ['شكرًا على الاختبار! نرجو التركيز على:'],
};

const POINTS: Record<string, readonly string[]> = {
  'en-US': [
    'Sign-in with a passkey',
    'Dark mode in Settings',
    'Faster launch after an update',
    'Sharing from the detail page',
    'Larger text sizes',
    'Offline mode',
    'The new widget',
  ],
  'de-DE': [
    'Anmeldung mit Passkey',
    'Dunkelmodus in den Einstellungen',
    'Schnellerer Start',
    'Offline-Betrieb',
    'Neues Widget',
  ],
  'fr-FR': [
    'Connexion par clé d’accès',
    'Mode sombre des réglages',
    'Démarrage plus rapide',
    'Nouveau widget',
  ],
  'es-ES': ['Inicio de sesión con llave de acceso', 'Modo oscuro', 'Modo sin conexión'],
  ja: ['パスキーでのサインイン', 'ダークモード', 'オフライン動作', '新しいウィジェット'],
  'pt-BR': ['Entrar com chave de acesso', 'Modo escuro', 'Uso sem internet'],
  'zh-Hans': ['通行密钥登录', '深色模式', '离线使用', '新的小组件'],
  ru: ['Вход с ключом доступа', 'Тёмная тема', 'Работа без сети'],
  ar: ['تسجيل الدخول بمفتاح المرور', 'الوضع الداكن', 'العمل دون اتصال'],
};

const TOPIC_POINTS: Record<Topic, readonly string[]> = {
  transit: ['Live departures on the lock screen', 'Walking time to the platform'],
  recipes: ['Scaling servings from 1 to 24', 'Cooking timers that survive a locked screen'],
  money: ['CSV export with your own separator', 'Rounding in monthly totals'],
  fitness: ['Heart rate during long sessions', 'Route smoothing near water'],
  notes: ['Pasting tables', 'Pencil latency on iPad'],
  weather: ['Widget refresh every 15 minutes', 'Hail warnings'],
  music: ['AirPlay between tracks', 'Gapless playback'],
  language: ['Microphone exercises', 'Streaks across time zones'],
  plants: ['Plant recognition with the new model', 'Quiet hours for reminders'],
  photo: ['Keeping the location on export', 'Cropping panoramas'],
};

const OTHERS = ['de-DE', 'fr-FR', 'es-ES', 'ja', 'pt-BR', 'zh-Hans', 'ru', 'ar'];

function textFor(locale: string, topic: Topic, random: Random): string {
  const own = POINTS[locale] ?? [];
  const points = [0, 1, 2].map(() => random.pick(own));
  if (locale === 'en-US') points.push(random.pick(TOPIC_POINTS[topic]));
  return [random.pick(OPENINGS[locale] ?? ['']), ...new Set(points.map((point) => `- ${point}`))].join('\n');
}

function textsOf(model: AppModel, build: BuildModel): [locale: string, text: string | null][] {
  const random = new Random(`${model.key}/whats-new/${build.index}`);
  if (build.processingState !== 'VALID') return [];
  if (build.outcome === 'MISSING_COMPLIANCE') return [['en-US', null]];
  const home = OPENINGS[model.brand.primaryLocale] ? model.brand.primaryLocale : 'en-US';
  const locales = new Set(['en-US', home, ...OTHERS.filter(() => random.chance(0.14))]);
  return [...locales].map((locale) => [locale, textFor(locale, model.brand.topic, random)]);
}

/** The betaBuildLocalizations of an app's builds: one to five languages each, none before processing ends. */
export function whatsNewSeeds(model: AppModel): Seed[] {
  const idAt = uuidSeries(`${model.key}/build-localizations`);
  return model.builds.flatMap((build) =>
    textsOf(model, build).map(
      ([locale, whatsNew], i): Seed => ({
        type: 'betaBuildLocalizations',
        id: idAt(build.index * 16 + i),
        attributes: { locale, whatsNew },
        relationships: { build: build.id },
      }),
    ),
  );
}
