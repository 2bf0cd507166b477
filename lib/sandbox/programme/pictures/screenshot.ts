import type { AppModel } from '../app-model';
import type { Topic } from '../brands';
import { Random } from '../prng';
import type { Seed } from '../types';
import { drawText, textWidth } from './font';
import { Canvas, type Colour, encodePng } from './png';

interface Size {
  width: number;
  height: number;
}

function sizeAt(submission: Seed, index: number): Size {
  const listed = submission.attributes.screenshots;
  const named: unknown = Array.isArray(listed) ? listed[index] : undefined;
  if (typeof named !== 'object' || named === null)
    throw new RangeError(`no screenshot ${index} in ${submission.id}`);
  const { width, height } = named as Partial<Size>;
  return { width: width ?? 1179, height: height ?? 2556 };
}

/** Titles and rows an app of each kind would show. */
const WORDS: Record<Topic, readonly [title: string, ...rows: string[]]> = {
  transit: ['Departures', '12 Harbour 4m', '7 Old Town 9m', '12 Airport 14m', '3 Depot 21m'],
  recipes: ['This week', 'Lentil soup', 'Saffron rice', 'Plum cake', 'Pickled beets'],
  money: ['November', 'Groceries 312.40', 'Rent 1,080.00', 'Trains 64.90', 'Savings +200.00'],
  fitness: ['Workout', 'Pace 5:12', 'Heart 148', 'Climb 212', 'Time 41:07'],
  notes: ['All notes', 'Meeting Tuesday', 'Shopping', 'Ideas', 'Draft 3'],
  weather: ['Today', 'Now 11', 'Rain 40%', 'Wind 22', 'Sunset 17:48'],
  music: ['Now playing', 'Side A', 'Interlude', 'Night drive', 'Coda'],
  language: ['Lesson 14', 'to arrive', 'to forget', 'the harbour', 'yesterday'],
  plants: ['Garden', 'Monstera', 'Basil', 'Fern', 'Olive tree'],
  photo: ['Rolls', 'Roll 18', 'Contact sheet', 'Develop', 'Export'],
};

interface Theme {
  main: Colour;
  page: Colour;
  card: Colour;
  text: Colour;
  faint: Colour;
}

function themeOf(main: Colour, isDark: boolean): Theme {
  return isDark
    ? { main, page: [0, 0, 0], card: [28, 28, 30], text: [235, 235, 245], faint: [99, 99, 102] }
    : { main, page: [242, 242, 247], card: [255, 255, 255], text: [28, 28, 30], faint: [174, 174, 178] };
}

const WHITE: Colour = [255, 255, 255];

function drawBars(
  canvas: Canvas,
  theme: Theme,
  unit: number,
  title: string,
  clock: string,
  footer: string,
): void {
  const { width, height } = canvas;
  canvas.fill(0, 0, width, unit * 44, theme.main);
  drawText(canvas, clock, unit * 6, unit * 4, unit, WHITE);
  canvas.fill(width - unit * 18, unit * 4, unit * 12, unit * 5, WHITE);
  drawText(canvas, title, unit * 6, unit * 22, unit * 3, WHITE);
  canvas.fill(0, height - unit * 24, width, unit * 24, theme.card);
  for (let tab = 0; tab < 4; tab++) {
    canvas.fill(
      (width * (tab + 0.5)) / 4 - unit * 4,
      height - unit * 19,
      unit * 8,
      unit * 8,
      tab === 0 ? theme.main : theme.faint,
    );
  }
  drawText(canvas, footer, (width - textWidth(footer, unit)) / 2, height - unit * 7, unit, theme.faint);
}

function drawCards(
  canvas: Canvas,
  theme: Theme,
  unit: number,
  rows: readonly string[],
  random: Random,
): void {
  const top = unit * 52;
  const tall = unit * 30;
  const columns = canvas.width > canvas.height || canvas.width > unit * 190 ? 2 : 1;
  const across = canvas.width / columns;
  for (let n = 0; ; n++) {
    const y = top + Math.floor(n / columns) * (tall + unit * 4);
    if (y + tall > canvas.height - unit * 28) return;
    const x = (n % columns) * across + unit * 6;
    const wide = across - unit * 12;
    canvas.fill(x, y, wide, tall, theme.card);
    canvas.fill(x + unit * 4, y + unit * 5, unit * 20, unit * 20, n % 3 === 0 ? theme.main : theme.faint);
    drawText(canvas, random.pick(rows), x + unit * 28, y + unit * 6, unit * 2, theme.text);
    canvas.fill(x + unit * 28, y + unit * 21, wide * (0.2 + random.next() * 0.4), unit * 3, theme.faint);
  }
}

/** What people photograph: an error box, a text that runs out of its place, a bar across everything. */
function drawFault(canvas: Canvas, theme: Theme, unit: number, random: Random): void {
  const { width, height } = canvas;
  const kind = random.between(0, 3);
  if (kind === 0) {
    canvas.fill(width * 0.12, height * 0.4, width * 0.76, unit * 44, theme.faint);
    canvas.fill(width * 0.12 + unit, height * 0.4 + unit, width * 0.76 - unit * 2, unit * 42, theme.card);
    drawText(
      canvas,
      'Something went',
      width * 0.12 + unit * 6,
      height * 0.4 + unit * 8,
      unit * 2,
      theme.text,
    );
    drawText(
      canvas,
      'wrong (-1009)',
      width * 0.12 + unit * 6,
      height * 0.4 + unit * 24,
      unit * 2,
      theme.text,
    );
  } else if (kind === 1) {
    drawText(
      canvas,
      'A label far too long for its place',
      width * 0.3,
      height * 0.33,
      unit * 3,
      [200, 30, 30],
    );
  } else if (kind === 2) {
    canvas.fill(0, height * 0.45, width, unit * 18, [255, 204, 0]);
    drawText(canvas, 'No connection', unit * 6, height * 0.45 + unit * 4, unit * 2, [28, 28, 30]);
  }
}

/** Draws what an app might have looked like, naming app and version, at the size the submission names. */
export function drawScreenshot(model: AppModel, submission: Seed, index: number): Uint8Array {
  const { width, height } = sizeAt(submission, index);
  const random = new Random(`${submission.id}/${index}`);
  const build = model.builds.find(({ id }) => id === submission.relationships.build);
  const theme = themeOf(model.brand.colour, random.chance(0.35));
  const canvas = new Canvas(width, height, theme.page);
  const unit = Math.max(1, Math.round(Math.min(width, height) / 170));
  const [title, ...rows] = WORDS[model.brand.topic];
  const created = new Date(String(submission.attributes.createdDate));
  const footer = `${model.brand.name} ${build?.train.version ?? ''} (${build?.number ?? ''})`;
  drawBars(canvas, theme, unit, title, created.toISOString().slice(11, 16), footer);
  drawCards(canvas, theme, unit, rows, random);
  drawFault(canvas, theme, unit, random);
  return encodePng(canvas);
}
