/** What can be drawn on a picture. */
export const KINDS = ['box', 'arrow', 'word'] as const;
export type Kind = (typeof KINDS)[number];
export const KIND_WORDS: Readonly<Record<Kind, string>> = { box: 'Box', arrow: 'Arrow', word: 'Word' };

/** Each is drawn on a rim of the other shade, so that it is seen on any picture. */
export const COLOURS = {
  red: { words: 'Red', ink: '#c8102e', rim: '#ffffff' },
  blue: { words: 'Blue', ink: '#0b4fd6', rim: '#ffffff' },
  black: { words: 'Black', ink: '#111111', rim: '#ffffff' },
  white: { words: 'White', ink: '#ffffff', rim: '#111111' },
} as const;
export type Colour = keyof typeof COLOURS;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Something drawn, in pixels of the picture: from where to where. */
export interface Mark {
  readonly id: number;
  readonly kind: Kind;
  readonly colour: Colour;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly text: string;
}

/** How thick lines are and how large words, so that they are seen on a picture of this size. */
export function weights({ width, height }: Size): { line: number; rim: number; font: number } {
  const line = Math.max(2, Math.round(Math.max(width, height) / 260));
  return { line, rim: line * 2, font: Math.max(14, Math.round(Math.min(width, height) / 16)) };
}

/** A new one in the middle of a picture, for whoever draws without a pointer. */
export function inTheMiddle(kind: Kind, colour: Colour, id: number, { width, height }: Size): Mark {
  const [x1, y1] = [Math.round(width * 0.35), Math.round(height * 0.42)];
  const [x2, y2] = [Math.round(width * 0.65), Math.round(height * 0.58)];
  return { id, kind, colour, x1, y1, x2, y2, text: kind === 'word' ? 'Here' : '' };
}

const within = (value: number, most: number) => Math.max(0, Math.min(most, Math.round(value)));

/** The same elsewhere, as far as the picture goes. */
export function movedBy(mark: Mark, dx: number, dy: number, { width, height }: Size): Mark {
  const [left, right] = [Math.min(mark.x1, mark.x2), Math.max(mark.x1, mark.x2)];
  const [top, bottom] = [Math.min(mark.y1, mark.y2), Math.max(mark.y1, mark.y2)];
  const x = Math.round(Math.max(-left, Math.min(width - right, dx)));
  const y = Math.round(Math.max(-top, Math.min(height - bottom, dy)));
  return { ...mark, x1: mark.x1 + x, x2: mark.x2 + x, y1: mark.y1 + y, y2: mark.y2 + y };
}

/** The same up to another place, as far as the picture goes. */
export function reaching(mark: Mark, x: number, y: number, { width, height }: Size): Mark {
  return { ...mark, x2: within(x, width), y2: within(y, height) };
}

/** Whether it is too small to have been meant. */
export function isSpeck({ kind, x1, y1, x2, y2 }: Mark, size: Size): boolean {
  return kind !== 'word' && Math.hypot(x2 - x1, y2 - y1) < weights(size).line * 3;
}

/** Its lines as a path, for the page and for the picture alike; '' for a word. */
export function pathOf({ kind, x1, y1, x2, y2 }: Mark, size: Size): string {
  if (kind === 'word') return '';
  if (kind === 'box') return `M${x1} ${y1}H${x2}V${y2}H${x1}Z`;
  const head = weights(size).line * 5;
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const side = (turn: number) =>
    `${Math.round(x2 - head * Math.cos(angle + turn))} ${Math.round(y2 - head * Math.sin(angle + turn))}`;
  return `M${x1} ${y1}L${x2} ${y2}M${side(0.5)}L${x2} ${y2}L${side(-0.5)}`;
}

export const FONT = 'system-ui, sans-serif';

/** The picture with everything on it, as a PNG no longer than `most` bytes; smaller where it must be. */
export async function drawnOn(
  picture: HTMLImageElement,
  marks: readonly Mark[],
  most: number,
): Promise<Blob | null> {
  const size = { width: picture.naturalWidth, height: picture.naturalHeight };
  for (let scale = 1; scale > 0.1; scale *= 0.8) {
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(size.width * scale));
    canvas.height = Math.max(1, Math.round(size.height * scale));
    const context = canvas.getContext('2d');
    if (!context) return null;
    context.scale(canvas.width / size.width, canvas.height / size.height);
    context.drawImage(picture, 0, 0, size.width, size.height);
    for (const mark of marks) draw(context, mark, size);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
    if (blob === null || blob.size <= most) return blob;
  }
  return null;
}

function draw(context: CanvasRenderingContext2D, mark: Mark, size: Size): void {
  const { line, rim, font } = weights(size);
  const { ink, rim: around } = COLOURS[mark.colour];
  context.lineJoin = 'round';
  context.lineCap = 'round';
  if (mark.kind === 'word') {
    context.font = `600 ${font}px ${FONT}`;
    context.textBaseline = 'hanging';
    context.lineWidth = rim;
    context.strokeStyle = around;
    context.strokeText(mark.text, mark.x1, mark.y1);
    context.fillStyle = ink;
    context.fillText(mark.text, mark.x1, mark.y1);
    return;
  }
  const path = new Path2D(pathOf(mark, size));
  for (const [width, colour] of [
    [line + rim, around],
    [line, ink],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke(path);
  }
}
