import type { Canvas, Colour } from './png';

/** A 3 × 5 font: five rows of three bits per sign, most significant first. Letters are drawn as capitals. */
const GLYPHS: Record<string, string> = {
  A: '75755',
  B: '65656',
  C: '74447',
  D: '65556',
  E: '74647',
  F: '74644',
  G: '74557',
  H: '55755',
  I: '72227',
  J: '11157',
  K: '55655',
  L: '44447',
  M: '57755',
  N: '67555',
  O: '75557',
  P: '75744',
  Q: '75571',
  R: '75655',
  S: '74717',
  T: '72222',
  U: '55557',
  V: '55552',
  W: '55775',
  X: '55255',
  Y: '55222',
  Z: '71247',
  '0': '75557',
  '1': '26227',
  '2': '71747',
  '3': '71317',
  '4': '55711',
  '5': '74717',
  '6': '74757',
  '7': '71122',
  '8': '75757',
  '9': '75717',
  '.': '00002',
  ',': '00024',
  '-': '00700',
  '(': '24442',
  ')': '21112',
  ':': '02020',
  '%': '51245',
  '+': '02720',
  '&': '25257',
  '/': '11244',
  "'": '22000',
};

/** Signs the font lacks (other scripts) become a block, as an app without the font would show them. */
const BLOCK = '77777';

/** Width of a text in pixels at a size of `unit` pixels per dot. */
export function textWidth(text: string, unit: number): number {
  return [...text].length * 4 * unit - unit;
}

/** Draws a text in capitals with its upper left corner at (x, y). */
export function drawText(
  canvas: Canvas,
  text: string,
  x: number,
  y: number,
  unit: number,
  colour: Colour,
): void {
  let left = x;
  for (const sign of text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase()) {
    const rows = sign === ' ' ? '00000' : (GLYPHS[sign] ?? BLOCK);
    for (let row = 0; row < 5; row++) {
      const bits = Number(rows[row]);
      for (let column = 0; column < 3; column++) {
        if (bits & (4 >> column)) canvas.fill(left + column * unit, y + row * unit, unit, unit, colour);
      }
    }
    left += 4 * unit;
  }
}
