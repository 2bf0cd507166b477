import { writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { end, firstLine, scratchFolder, startNode } from './processes';

export interface PictureServer {
  readonly url: string;
  /** Of all pictures together. */
  readonly megabytes: number;
  stop(): Promise<void>;
}

/** A process that gives as many different pictures as are asked for, each after a while. */
const SERVER = `
const picture = require('node:fs').readFileSync(process.argv[1]);
require('node:http').createServer((request, response) => setTimeout(() => {
  const own = Buffer.from(request.url);
  response.writeHead(200, { 'content-type': 'image/png', 'content-length': picture.length + own.length });
  response.write(picture);
  response.end(own);
}, Number(process.argv[2]))).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

/** Starts one; what it gives is about as large as a screenshot, and no two are the same. */
export async function startPictures(count: number, latencyMs: number): Promise<PictureServer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const create = { width: 200, height: 270, channels: 3, background: '#888', noise } as const;
  const bytes = await sharp({ create }).png().toBuffer();
  const file = path.join(scratchFolder(), 'picture.png');
  writeFileSync(file, bytes);
  const child = startNode(['-e', SERVER, file, String(latencyMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = `http://127.0.0.1:${await firstLine(child)}`;
  return { url, megabytes: (bytes.length * count) / 1e6, stop: () => end(child) };
}
