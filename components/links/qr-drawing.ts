import { encode } from 'uqr';

/** White cells around the code, which readers need. */
const QUIET_ZONE = 4;
/** Side of one cell in the picture, px. */
const CELL = 16;

/** The dark cells of a link's QR code; middle error correction, for print. */
export function qrCells(link: string): { size: number; data: readonly (readonly boolean[])[] } {
  const { size, data } = encode(link, { ecc: 'M', border: QUIET_ZONE });
  return { size, data };
}

/** The code as an SVG file. */
export function qrSvg(link: string): string {
  const { size, data } = qrCells(link);
  const path = qrPath(data);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size * CELL}" height="${size * CELL}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#000"/></svg>\n`;
}

/** The dark cells as one SVG path, in units of cells. */
export function qrPath(data: readonly (readonly boolean[])[]): string {
  return data
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
}

/** The code as a PNG file. @throws Error when the browser cannot draw */
export async function qrPng(link: string): Promise<Blob> {
  const { size, data } = qrCells(link);
  const canvas = document.createElement('canvas');
  canvas.width = size * CELL;
  canvas.height = size * CELL;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw the picture.');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#000';
  for (const [y, row] of data.entries())
    for (const [x, isDark] of row.entries()) if (isDark) context.fillRect(x * CELL, y * CELL, CELL, CELL);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be made.'))),
      'image/png',
    );
  });
}
