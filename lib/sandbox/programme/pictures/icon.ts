import type { Brand, Topic } from '../brands';
import { Canvas, type Colour, encodePng } from './png';

/** Where the sandbox serves icons. */
export const ICON_PATH = '/sandbox-assets/icons/';

/** The icon's address below the sandbox's own, in Apple's form: whoever wants it fills in width, height and format. */
export const iconTemplateOf = ({ id }: { readonly id: string }): string => `${ICON_PATH}${id}/{w}x{h}bb.{f}`;

/** Width and height, pixels. */
const SIDE = 240;
const STRIPES = 48;
const WHITE: Colour = [255, 255, 255];

/** Where a picture is drawn: lengths are shares of its side. */
interface Easel {
  disc(x: number, y: number, radius: number, colour: Colour): void;
  /** The lower half of a disc. */
  bowl(x: number, y: number, radius: number, colour: Colour): void;
  box(x: number, y: number, width: number, height: number, colour: Colour): void;
}

type Motif = (easel: Easel, main: Colour) => void;

const MOTIFS: Record<Topic, Motif> = {
  transit: ({ disc, box }, main) => {
    disc(0.5, 0.5, 0.3, WHITE);
    disc(0.5, 0.5, 0.2, main);
    box(0.14, 0.44, 0.72, 0.12, WHITE);
  },
  recipes: ({ bowl, box }) => {
    bowl(0.5, 0.48, 0.3, WHITE);
    for (const x of [0.36, 0.48, 0.6]) box(x, 0.24, 0.04, 0.15, WHITE);
  },
  money: ({ box }) => {
    for (const [at, height] of [0.2, 0.32, 0.46].entries()) {
      box(0.22 + at * 0.21, 0.74 - height, 0.14, height, WHITE);
    }
  },
  fitness: ({ box }) => {
    box(0.2, 0.46, 0.6, 0.08, WHITE);
    for (const [x, height] of [
      [0.24, 0.34],
      [0.34, 0.22],
      [0.6, 0.22],
      [0.7, 0.34],
    ] as const) {
      box(x, 0.5 - height / 2, 0.06, height, WHITE);
    }
  },
  notes: ({ box }, main) => {
    box(0.26, 0.2, 0.48, 0.6, WHITE);
    for (const [at, width] of [0.32, 0.32, 0.2].entries()) box(0.34, 0.32 + at * 0.13, width, 0.05, main);
  },
  weather: ({ disc, box }) => {
    disc(0.62, 0.36, 0.16, [255, 214, 102]);
    disc(0.36, 0.56, 0.13, WHITE);
    disc(0.52, 0.5, 0.17, WHITE);
    disc(0.68, 0.57, 0.12, WHITE);
    box(0.36, 0.56, 0.32, 0.13, WHITE);
  },
  music: ({ disc }, main) => {
    disc(0.5, 0.5, 0.32, WHITE);
    disc(0.5, 0.5, 0.29, [38, 38, 42]);
    disc(0.5, 0.5, 0.12, main);
    disc(0.5, 0.5, 0.03, WHITE);
  },
  language: ({ disc, box }, main) => {
    disc(0.36, 0.44, 0.19, WHITE);
    disc(0.64, 0.44, 0.19, WHITE);
    box(0.36, 0.25, 0.28, 0.38, WHITE);
    for (const [at, x] of [0.3, 0.28, 0.26].entries()) box(x, 0.6 + at * 0.05, 0.14 - at * 0.04, 0.06, WHITE);
    for (const x of [0.34, 0.48, 0.62]) disc(x + 0.02, 0.44, 0.04, main);
  },
  plants: ({ disc, bowl, box }) => {
    disc(0.38, 0.34, 0.13, WHITE);
    disc(0.62, 0.4, 0.11, WHITE);
    box(0.475, 0.34, 0.05, 0.3, WHITE);
    bowl(0.5, 0.62, 0.17, WHITE);
  },
  photo: ({ disc, box }, main) => {
    box(0.18, 0.34, 0.64, 0.4, WHITE);
    box(0.4, 0.26, 0.2, 0.1, WHITE);
    disc(0.5, 0.54, 0.15, main);
    disc(0.5, 0.54, 0.09, WHITE);
  },
};

/** An app's icon as a square PNG without rounded corners, as App Store Connect gives them. */
export function drawIcon({ topic, colour }: Brand): Uint8Array {
  const canvas = new Canvas(SIDE, SIDE, colour);
  for (let stripe = 0; stripe < STRIPES; stripe += 1) {
    const light = 1.22 - (stripe / STRIPES) * 0.44;
    const shade = colour.map((part) => Math.min(255, Math.round(part * light + 6))) as unknown as Colour;
    canvas.fill(0, (stripe * SIDE) / STRIPES, SIDE, SIDE / STRIPES, shade);
  }
  MOTIFS[topic](easelOn(canvas), colour);
  return encodePng(canvas);
}

function easelOn(canvas: Canvas): Easel {
  const round = (x: number, y: number, radius: number, colour: Colour, top: number) => {
    for (let row = Math.round(top * radius * SIDE); row < radius * SIDE; row += 1) {
      const half = Math.sqrt((radius * SIDE) ** 2 - row ** 2);
      canvas.fill(x * SIDE - half, y * SIDE + row, half * 2, 1, colour);
    }
  };
  return {
    box: (x, y, width, height, colour) =>
      canvas.fill(x * SIDE, y * SIDE, width * SIDE, height * SIDE, colour),
    disc: (x, y, radius, colour) => round(x, y, radius, colour, -1),
    bowl: (x, y, radius, colour) => round(x, y, radius, colour, 0),
  };
}
