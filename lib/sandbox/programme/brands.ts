import type { Platform } from './people/devices';

/** What an invented app is about; comments, What to Test and screenshots are chosen by it. */
export type Topic =
  | 'transit'
  | 'recipes'
  | 'money'
  | 'fitness'
  | 'notes'
  | 'weather'
  | 'music'
  | 'language'
  | 'plants'
  | 'photo';

export interface Brand {
  name: string;
  /** The executable's name in crash logs. */
  executable: string;
  slug: string;
  topic: Topic;
  primaryLocale: string;
  platforms: readonly Platform[];
  /** Red, green and blue of the app's main colour, 0 to 255. */
  colour: readonly [number, number, number];
}

type Row = readonly [name: string, topic: Topic, locale: string, platforms: string, colour: number];

const PLATFORMS: Record<string, Platform> = { i: 'IOS', m: 'MAC_OS', t: 'TV_OS', v: 'VISION_OS' };

const ROWS: readonly Row[] = [
  ['Tramline', 'transit', 'en-GB', 'i', 0x0b6e99],
  ['Saffron Table', 'recipes', 'en-US', 'im', 0xd2691e],
  ['Pfennig', 'money', 'de-DE', 'i', 0x2e7d32],
  ['Strideful', 'fitness', 'en-US', 'iv', 0xc2185b],
  ['Inkwell Notes', 'notes', 'en-US', 'im', 0x37474f],
  ['Cumulo', 'weather', 'en-US', 'it', 0x1976d2],
  ['Larkspur Radio', 'music', 'en-GB', 'it', 0x6a1b9a],
  ['Polyglot Pond', 'language', 'en-US', 'i', 0x00897b],
  ['Fernly', 'plants', 'en-US', 'i', 0x388e3c],
  ['Silverbromide', 'photo', 'en-US', 'imv', 0x212121],
  ['Métro Malin', 'transit', 'fr-FR', 'i', 0x00695c],
  ['Kochlöffel', 'recipes', 'de-DE', 'i', 0xbf360c],
  ['Sparschwein+', 'money', 'de-DE', 'i', 0xad1457],
  ['Kettle & Bell', 'fitness', 'en-GB', 'i', 0x4e342e],
  ['Margin', 'notes', 'en-US', 'im', 0x5d4037],
  ['Nebelhorn', 'weather', 'de-DE', 'i', 0x546e7a],
  ['Ostinato', 'music', 'it', 'im', 0x283593],
  ['言葉の庭', 'language', 'ja', 'i', 0xc62828],
  ['Rootwise', 'plants', 'en-US', 'i', 0x558b2f],
  ['Lightleak', 'photo', 'en-US', 'i', 0xef6c00],
  ['Ferry Wheel', 'transit', 'en-US', 'i', 0x0277bd],
  ['Cucina Povera', 'recipes', 'it', 'i', 0x9e9d24],
  ['Ledgerling', 'money', 'en-US', 'im', 0x00838f],
  ['Puls', 'fitness', 'sv', 'i', 0xd81b60],
  ['Foolscap', 'notes', 'en-GB', 'imv', 0x455a64],
  ['Garúa', 'weather', 'es-ES', 'i', 0x0288d1],
  ['Basement Tapes Club', 'music', 'en-US', 'it', 0x4527a0],
  ['Glossa', 'language', 'el', 'i', 0x1565c0],
  ['Moss & Co', 'plants', 'en-GB', 'i', 0x33691e],
  ['Rétine', 'photo', 'fr-FR', 'i', 0x000051],
  ['Kolejka', 'transit', 'en-GB', 'i', 0xb71c1c],
  ['Mise', 'recipes', 'fr-FR', 'i', 0xe65100],
  ['Tillroll', 'money', 'en-US', 'i', 0x1b5e20],
  ['Uphill Only', 'fitness', 'en-US', 'i', 0x6d4c41],
  ['Aktenzeichen', 'notes', 'de-DE', 'm', 0x263238],
  ['Isobar', 'weather', 'en-US', 'im', 0x01579b],
  ['Cantus', 'music', 'pt-BR', 'i', 0x7b1fa2],
  ['Kelimelik', 'language', 'tr', 'i', 0xd84315],
  ['Terrarium Talk', 'plants', 'en-US', 'i', 0x2e7d32],
  ['Contact Sheet', 'photo', 'en-US', 'im', 0x424242],
  ['Nachtbus', 'transit', 'de-DE', 'i', 0x311b92],
  ['집밥노트', 'recipes', 'ko', 'i', 0xf57c00],
  ['Rounding Error', 'money', 'en-US', 'i', 0x006064],
  ['Cadence Lab', 'fitness', 'en-US', 'iv', 0xad1457],
  ['Palimpsest', 'notes', 'en-US', 'i', 0x827717],
  ['Barómetro', 'weather', 'es-MX', 'i', 0x0097a7],
  ['Hush Hush Piano', 'music', 'en-US', 'i', 0x512da8],
  ['Заметки путника', 'language', 'ru', 'i', 0xc0392b],
  ['Winter Greens', 'plants', 'en-GB', 'i', 0x1b5e20],
  ['Parallax Diary', 'photo', 'en-US', 'iv', 0x3e2723],
];

function slugOf(name: string, index: number): string {
  const plain = name.normalize('NFKD').replace(/[^A-Za-z0-9]/g, '');
  return plain.length > 1 ? plain.toLowerCase() : `app${index + 1}`;
}

function brandOf([name, topic, primaryLocale, platforms, colour]: Row, index: number): Brand {
  const slug = slugOf(name, index);
  const executable = name.normalize('NFKD').replace(/[^A-Za-z0-9]/g, '');
  return {
    name,
    executable: executable.length > 1 ? executable : `App${index + 1}`,
    slug,
    topic,
    primaryLocale,
    platforms: [...platforms].map((letter) => PLATFORMS[letter] ?? 'IOS'),
    colour: [colour >> 16, (colour >> 8) & 255, colour & 255],
  };
}

/** Fifty invented apps; the first two are the small programme, the first ten the medium one. */
export const BRANDS: readonly Brand[] = ROWS.map(brandOf);
