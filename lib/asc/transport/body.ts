import { AscError } from '../errors';

/** The body as text, read in pieces and refused as `too_large` beyond `most` bytes (after decompression). */
export async function readBody(
  response: Response,
  most: number,
  about: { method: string; path: string },
): Promise<string> {
  if (!response.body) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > most) {
      await reader.cancel().catch(() => undefined);
      throw new AscError({
        ...about,
        kind: 'too_large',
        message: `The answer is larger than ${Math.round(most / 1024 / 1024)} MB and was not read.`,
        status: response.status,
      });
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
  parts.push(decoder.decode());
  return parts.join('');
}
