import { crc32 } from 'node:zlib';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import type { ReportKey } from './rows';

/** A picture made here by drawing on a copy of one of a report's. */
export interface DrawingRow extends ReportKey {
  readonly id: string;
  /** Of the picture that was drawn on. */
  readonly position: number;
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  readonly createdAt: number;
  readonly createdBy: string;
}

const ofReport = shape((build, given: ReportKey) =>
  build
    .selectFrom('feedbackDrawings as d')
    .leftJoin('users as u', 'u.id', 'd.createdBy')
    .selectAll('d')
    .select(['u.name', 'u.email'])
    .where('d.accountId', '=', given.accountId)
    .where('d.feedbackId', '=', given.feedbackId)
    .orderBy('d.position')
    .orderBy('d.createdAt')
    .orderBy('d.id')
    .$castTo<DrawingRow & { readonly name: string | null; readonly email: string | null }>(),
);

/** What was drawn on the pictures of a report, with who did it, in order. */
export const drawingsOf = (db: Store, key: ReportKey) => db.read(ofReport(key));

const inserted = shape((build, given: DrawingRow) =>
  build
    .insertInto('feedbackDrawings')
    .columns([
      'id',
      'accountId',
      'feedbackId',
      'position',
      'hash',
      'width',
      'height',
      'createdAt',
      'createdBy',
    ])
    .expression(
      build
        .selectFrom('feedbackPictures as p')
        .select(({ cast, val }) => [
          cast<string>(val(given.id), 'text').as('id'),
          'p.accountId',
          'p.feedbackId',
          'p.position',
          cast<string>(val(given.hash), 'text').as('hash'),
          cast<number>(val(given.width), 'integer').as('width'),
          cast<number>(val(given.height), 'integer').as('height'),
          cast<number>(val(given.createdAt), 'bigint').as('createdAt'),
          cast<string>(val(given.createdBy), 'text').as('createdBy'),
        ])
        .where('p.accountId', '=', given.accountId)
        .where('p.feedbackId', '=', given.feedbackId)
        .where('p.position', '=', given.position)
        .where('p.state', '=', 'stored'),
    ),
);

/** Keeps a drawing whose file lies in its place, one row, as long as the picture is here that it was drawn on. */
export const newDrawing = (row: DrawingRow) => inserted(row);

const removed = shape((build, given: ReportKey & { id: string }) =>
  build
    .deleteFrom('feedbackDrawings')
    .where('accountId', '=', given.accountId)
    .where('feedbackId', '=', given.feedbackId)
    .where('id', '=', given.id),
);

/** Forgets a drawing; its file goes with `sweep`. */
export const drawingRemoved = (key: ReportKey & { id: string }) => removed(key);

const END = Buffer.from('0000000049454e44ae426082', 'hex');
/** What a PNG calls the words that stand in it. */
const WORDS = 'tEXt';

/**
 * A PNG with words in it, which also make its bytes those of no other file: a file of the archive that nothing else
 * refers to can be taken away with it. Null for what does not end as a PNG does.
 */
export function markedPng(given: Uint8Array, words: string): Buffer | null {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const end = bytes.length - END.length;
  if (end < 0 || !bytes.subarray(end).equals(END)) return null;
  const data = Buffer.from(`${WORDS}Comment\0${words.replace(/[^\x20-\x7e]/g, '?')}`, 'latin1');
  const chunk = Buffer.alloc(data.length + 8);
  chunk.writeUInt32BE(data.length - WORDS.length, 0);
  data.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(data), data.length + 4);
  return Buffer.concat([bytes.subarray(0, end), chunk, END]);
}
