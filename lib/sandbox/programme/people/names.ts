import { cycle, Random } from '../prng';

/** Who a tester is. `lastName` is null where only one name was given; Apple allows both to be null. */
export interface Person {
  firstName: string | null;
  lastName: string | null;
  email: string;
}

/** First and last names of one script. */
interface Pool {
  first: readonly Name[];
  last: readonly Name[];
}

interface Name {
  text: string;
  /** Plain letters for an address; empty where the name has too few. */
  plain: string;
}

function nameOf(text: string): Name {
  const plain = text
    .normalize('NFKD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
  return { text, plain };
}

function pool(first: string, last: string): Pool {
  return { first: first.split(' ').map(nameOf), last: last.split(' ').map(nameOf) };
}

const POOLS: readonly (readonly [Pool, number])[] = [
  [
    pool(
      'Anna Ben Chloe Daniel Emma Felix Grace Henry Isla Jack Kate Liam Maya Noah Olivia Paul Quinn Rosa Sam Tess Uma Victor Willa Xavier Yara Zoe Priya Aisha Marcus Elena Tobias Ingrid Callum Niamh Declan Fiona Hugo Iris Jonas Leila',
      "Adams Baker Clark Dawson Evans Foster Gray Hughes Irving Jones Keller Lopez Miller Novak O'Brien Parker Quigley Reed Smith Turner Underwood Vance Walker Young Zimmer Okafor Mensah Silva Rossi Weber Larsen Dubois Costa Moreau Fischer Bianchi Horvat Kowalski Byrne MacLeod",
    ),
    46,
  ],
  [
    pool(
      'Zoë Søren José Łukasz Jürgen Renée Björn Álvaro Çağla Dvořák Éloïse Françoise Håkon Ísak Jiří Krešimir Miloš Núria Ødegård Şebnem Tomáš Žofia Ángel Agnès',
      'Müller Núñez Østergaard Błaszczyk Çelik Dvořáková Gößling Håkansson Jönsson Kovačević Lindström Márquez Nguyễn Öztürk Peña Řezníček Škoda Štěpánek Þórsson Žukauskas Łoziński Ibáñez',
    ),
    18,
  ],
  [
    pool(
      'Анна Борис Вера Григорий Дарья Егор Жанна Игорь Ксения Лев Мария Никита Ольга Пётр Светлана',
      'Иванова Смирнов Кузнецова Попов Соколова Лебедев Козлова Новиков Морозова Волков Шевченко Ткаченко',
    ),
    6,
  ],
  [
    pool(
      'Αλέξανδρος Βασιλική Γιώργος Δήμητρα Ελένη Ηλίας Θεοδώρα Ιωάννης Κατερίνα Νίκος',
      'Παπαδόπουλος Γεωργίου Νικολάου Αντωνίου Μακρή Οικονόμου Βλάχος Καραγιάννη',
    ),
    3,
  ],
  [
    pool(
      'أحمد فاطمة محمد ليلى عمر نور يوسف مريم خالد سارة',
      'الحسن العلي المصري حداد خوري الشامي منصور السيد',
    ),
    4,
  ],
  [pool('נועה דוד יעל איתן מאיה אורי תמר יונתן שירה', 'כהן לוי מזרחי פרץ ביטון אברהם פרידמן שפירא'), 3],
  [pool('अनन्या अर्जुन दीपिका रोहन प्रिया विक्रम कविता संजय मीरा', 'शर्मा वर्मा गुप्ता सिंह पटेल अय्यर मेहता जोशी'), 4],
  [pool('伟 芳 娜 敏 静 强 磊 洋 艳 勇 雪梅 志明', '王 李 张 刘 陈 杨 赵 黄 周 吴 欧阳'), 5],
  [
    pool(
      '太郎 花子 健太 美咲 翔 さくら 大輔 結衣 ユウキ 直美',
      '佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林',
    ),
    5,
  ],
  [pool('민준 서연 지후 하은 도윤 지우 예준 수아 현우', '김 이 박 최 정 강 조 윤 장 임'), 4],
  [pool('สมชาย กมลา วิชัย มาลี ประเสริฐ นภา อนันต์ ดวงใจ', 'ใจดี แสงทอง ศรีสุข วงศ์สวัสดิ์ ทองคำ บุญมี'), 2],
];

const DOMAINS = [
  'example.com',
  'example.org',
  'example.net',
  'mail.example.com',
  'testers.example.org',
  'post.example.net',
];

/**
 * People whose names break careless programs: right-to-left overrides, markup, formulas, invisible and
 * joined characters, very long names, none at all.
 */
const AWKWARD: readonly (readonly [first: string | null, last: string | null])[] = [
  ['\u202Egnp.exe', 'Rekcarc'],
  ['Zero\u200BWidth', 'Join\u200Der'],
  ['👩🏽‍🚀 Stella', 'Nova 🚀'],
  ['<b>Bold</b>', '<img src=x onerror=alert(1)>'],
  ['=1+1', '@SUM(A1:A9)'],
  ['Wolfeschlegelsteinhausenbergerdorff'.repeat(4), 'Hubert Blaine '.repeat(8).trim()],
  [null, null],
  ['Teller', null],
  ['مرحبا\u200F (Rami)', 'O\u2019Neill\u00A0'],
  ['+49 30', '-2+3'],
  ['Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍a̴̵̜̰͔ͫ͗͢', 'Lgo'],
  ['"Quoted, Name"', "'; DROP TABLE testers;--"],
  ['ＦＵＬＬ', 'ｗｉｄｔｈ'],
  ['  Leading', 'Trailing  '],
];

/**
 * The n-th person of a programme: always the same name and address. One in fifty has an awkward name; one in 23
 * writes the address with capitals, so that joins across apps have to ignore case.
 */
export function personAt(key: string, n: number): Person {
  const random = new Random(`${key}/person/${n}`);
  const domain = random.pick(DOMAINS);
  if (n % 97 === 40 || n % 97 === 41) {
    const [firstName, lastName] = cycle(AWKWARD, n);
    return { firstName, lastName, email: `guest.${n}@${domain}` };
  }
  const names = random.weighted(POOLS);
  const firstName = random.pick(names.first);
  const lastName = random.pick(names.last);
  const isLatin = firstName.plain.length > 1 && lastName.plain.length > 1;
  const local = isLatin ? localPart(random, firstName.plain, lastName.plain) : `user${random.hex(4)}`;
  return { firstName: firstName.text, lastName: lastName.text, email: `${local}.${n}@${domain}` };
}

function localPart(random: Random, first: string, last: string): string {
  const style = random.between(0, 4);
  if (style === 0) return `${first}.${last}`;
  if (style === 1) return `${first.slice(0, 1)}${last}`;
  if (style === 2) return `${last}.${first}`;
  return style === 3 ? `${first}+beta` : `${first}_${last}`;
}

/** The same person's address as typed on another day. */
export function respelled(email: string): string {
  const [local = '', domain = ''] = email.split('@');
  return `${local.slice(0, 1).toUpperCase()}${local.slice(1)}@${domain.replace('example', 'Example')}`;
}
