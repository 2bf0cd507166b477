import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { maskEmails } from '@/lib/access/mask';
import { may } from '@/lib/access/policy';
import { drawingsOf } from '@/lib/feedback/archive/drawings';
import { PlaceError } from '@/lib/feedback/archive/place';
import { archivePlaces } from '@/lib/feedback/archive/places';
import { fileOf, picturesOf } from '@/lib/feedback/archive/rows';
import { keptLog } from '@/lib/feedback/logs';
import type { Ctx } from '../ctx';
import { asCsv, asJson } from '../sheets';
import { REPORT_HEADER, REPORT_WORDS, type ReportKey, reportRows } from './export-rows';

/** A file that goes into an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly parts: AsyncIterable<string | Uint8Array>;
  /** Pictures are packed as they are. */
  readonly isPacked?: boolean;
}

/** Files as a zip that is made while it is read: one of them at a time is in memory. */
export function zipped(entries: AsyncIterable<ZipEntry>, mtime: Date): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  let current: Readable | undefined;
  output.once('close', () => current?.destroy());
  const fill = async () => {
    for await (const { name, parts, isPacked = false } of entries) {
      if (output.destroyed) return;
      current = Readable.from(parts, { objectMode: false });
      zip.addReadStream(current, name, { mtime, compress: !isPacked });
      await finished(current, { writable: false });
    }
    zip.end();
  };
  fill().catch((error: unknown) => {
    output.destroy(error instanceof Error ? error : new Error('The archive broke off.'));
  });
  return output;
}

const ENDINGS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/heic': 'heic',
};

/** Reports with their crash logs and pictures, as far as they are here, and a list of what is not. */
export async function* exportEntries(ctx: Ctx, reports: readonly ReportKey[]): AsyncGenerator<ZipEntry> {
  const rows = () => ({ header: REPORT_HEADER, words: REPORT_WORDS, rows: reportRows(ctx, reports) });
  yield { name: 'reports.csv', parts: asCsv(rows()) };
  yield { name: 'reports.json', parts: asJson(rows()) };
  const missing: string[] = [];
  for (const [at, [accountId, id]] of reports.entries()) {
    // A number is the name of nobody; it stands in the lists, too.
    const number = String(at + 1).padStart(5, '0');
    const log = await keptLog(ctx.db, { accountId, id });
    if (log) {
      const text = may(ctx.actor, 'testers:identify') ? log.text : maskEmails(log.text);
      yield { name: `logs/${number}.ips`, parts: once(text) };
    }
    for (const picture of await picturesOf(ctx.db, { accountId, feedbackId: id })) {
      const name = `${number}-${picture.position + 1}`;
      const file = picture.hash === null ? undefined : await fileOf(ctx.db, picture.hash);
      const bytes = file ? await bytesOf(ctx, file.place, file.hash) : (picture.trouble ?? NOT_HERE);
      if (typeof bytes === 'string') missing.push(`Picture ${name}: ${bytes}`);
      else {
        const ending = ENDINGS[file?.type ?? ''] ?? 'bin';
        yield { name: `pictures/${name}.${ending}`, parts: once(bytes), isPacked: true };
      }
    }
    for (const [nth, drawing] of (await drawingsOf(ctx.db, { accountId, feedbackId: id })).entries()) {
      const name = `${number}-${drawing.position + 1}-drawn-${nth + 1}`;
      const file = await fileOf(ctx.db, drawing.hash);
      const bytes = file ? await bytesOf(ctx, file.place, file.hash) : NOT_HERE;
      if (typeof bytes === 'string') missing.push(`Picture ${name}: ${bytes}`);
      else yield { name: `pictures/${name}.png`, parts: once(bytes), isPacked: true };
    }
  }
  if (missing.length > 0) yield { name: 'not-included.txt', parts: once(`${missing.join('\n')}\n`) };
}

async function* once<Part>(part: Part): AsyncGenerator<Part> {
  yield part;
}

const NOT_HERE = 'it is not here.';

/** A file of the archive, or why it cannot be had now. */
async function bytesOf(ctx: Ctx, name: string, hash: string): Promise<Uint8Array | string> {
  try {
    return (await (await archivePlaces(ctx.env).of(name))?.get(hash)) ?? NOT_HERE;
  } catch (error) {
    if (!(error instanceof PlaceError)) throw error;
    return error.message;
  }
}
