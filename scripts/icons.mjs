import { mkdirSync, writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { inRoot } from './lib/place.mjs';

/** Draws the mark of app/icon.svg into public/icons as PNG; run it again when the mark changes. */
const BLUE = [0x34, 0x51, 0xd1];
const ARROW = [
  [4.5, 11.2],
  [15.5, 5],
  [11.9, 15.2],
  [9.4, 11.8],
];
/** Points per pixel and side, for soft edges. */
const SAMPLES = 4;

mkdirSync(inRoot('public/icons'), { recursive: true });
for (const [name, side, options] of [
  ['icon-192.png', 192, { radius: 5, scale: 1 }],
  ['icon-512.png', 512, { radius: 5, scale: 1 }],
  // Cut to any shape by the phone, so the ground fills it and the mark keeps to the middle.
  ['icon-maskable-512.png', 512, { radius: 0, scale: 0.7 }],
  ['apple-touch-icon.png', 180, { radius: 0, scale: 0.85 }],
]) {
  writeFileSync(inRoot('public/icons', name), png(side, options));
}

function png(side, { radius, scale }) {
  const rows = Buffer.alloc(side * (side * 4 + 1));
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      let ground = 0;
      let mark = 0;
      for (let n = 0; n < SAMPLES * SAMPLES; n += 1) {
        const px = ((x + ((n % SAMPLES) + 0.5) / SAMPLES) / side) * 20;
        const py = ((y + (Math.floor(n / SAMPLES) + 0.5) / SAMPLES) / side) * 20;
        if (!isInside(px, py, radius)) continue;
        ground += 1;
        if (isInArrow((px - 10) / scale + 10, (py - 10) / scale + 10)) mark += 1;
      }
      const at = y * (side * 4 + 1) + 1 + x * 4;
      const share = ground === 0 ? 0 : mark / ground;
      BLUE.forEach((value, index) => {
        rows[at + index] = Math.round(value + (255 - value) * share);
      });
      rows[at + 3] = Math.round((ground / SAMPLES ** 2) * 255);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32BE(data.length, 0);
  sizes.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([sizes.subarray(0, 4), body, sizes.subarray(4)]);
}

function isInside(x, y, radius) {
  const dx = Math.max(radius - x, x - (20 - radius), 0);
  const dy = Math.max(radius - y, y - (20 - radius), 0);
  return dx ** 2 + dy ** 2 <= radius ** 2 || dx === 0 || dy === 0;
}

function isInArrow(x, y) {
  let inside = false;
  ARROW.forEach(([ax, ay], index) => {
    const [bx, by] = ARROW[(index + 1) % ARROW.length];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}
