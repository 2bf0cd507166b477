import sharp from 'sharp';
import { MOST_PIXELS } from './limits';

/** Pixels across. */
const WIDTH = 400;
/** For one picture, s. */
const PATIENCE_S = 20;

// One thread and nothing kept: this stands beside the sync in one process.
sharp.concurrency(1);
sharp.cache(false);

/** A small picture of the first frame; null when it cannot be read. */
export async function smallPicture(
  bytes: Uint8Array,
): Promise<{ bytes: Uint8Array; width: number; height: number } | null> {
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', pages: 1 })
      .timeout({ seconds: PATIENCE_S })
      .rotate()
      .resize({ width: WIDTH, height: WIDTH * 3, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 75, effort: 2 })
      .toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height };
  } catch {
    return null;
  }
}
