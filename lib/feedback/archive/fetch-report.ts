import { createHash } from 'node:crypto';
import type { Clock } from '@/lib/clock';
import type { Store, Write } from '@/lib/store/store';
import type { Download, Downloader } from './download';
import { judgePicture } from './judge';
import { MOST_PIXELS } from './limits';
import { type Listed, listedPictures, matched } from './listed';
import type { Place } from './place';
import {
  type PictureRow,
  pictureOutcome,
  picturesOf,
  type ReportKey,
  type ReportRow,
  reportOf,
  storedFile,
  wantedPictures,
} from './rows';

/** What came of reading a report again at Apple. */
export type Renewal = 'fresh' | 'gone' | { readonly words: string; readonly afterMs?: number };

export interface ReportFetch {
  readonly db: Store;
  readonly clock: Clock;
  readonly place: Place;
  /** Of the report's account; null when that one was removed. */
  downloaderOf(accountId: string): Promise<Downloader | null>;
  /** Reads the report again, so that its document carries fresh links. */
  renew(key: ReportKey, appId: string): Promise<Renewal>;
  /** Under the lease of whoever archives. */
  write(writes: readonly Write[]): Promise<void>;
  /** Accounts whose dates do not fit this machine's. */
  readonly doubted: Set<string>;
  /** After each file that was put away. */
  stored(bytes: number): void;
  /** After each try: whether it went well, or failed for what others may share. */
  tried(kind: Download['kind']): void;
}

/** A link that ends this soon is renewed before it is tried, ms. */
const NEARLY_MS = 60_000;
const SHORTEST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 6 * 60 * 60_000;
/** How often what a host says of a link, or sends in place of a picture, is taken for something that may pass. */
const MOST_TRIES = 8;

/** Fetches the pictures of one report that are due, each to its end: stored, tried again later, or refused. */
export async function fetchReport(run: ReportFetch, key: ReportKey, signal: AbortSignal): Promise<void> {
  const { db, clock } = run;
  const report = await reportOf(db, key);
  const known = await picturesOf(db, key);
  const now = clock.now();
  const due = known.filter(
    ({ state, tryAfter }) => (state === 'wanted' || state === 'failed') && tryAfter <= now,
  );
  const downloader = await run.downloaderOf(key.accountId);
  if (!report || !downloader) {
    const trouble = report ? 'The account of this report was removed.' : 'The report is not here any more.';
    await run.write(due.map((row) => pictureOutcome({ ...row, state: 'refused', trouble })));
    return;
  }
  const links = await linksOf(run, key, report, known);
  for (const row of due) {
    if (signal.aborted) return;
    const download = await tryPicture(run, { row, links, downloader, signal });
    run.tried(download.kind);
    await run.write(await settled(run, { ...row, ...links.factsOf(row) }, download));
  }
}

interface Links {
  of(row: PictureRow): Listed | undefined;
  /** What is known of it at Apple now. */
  factsOf(row: PictureRow): Partial<Pick<PictureRow, 'path' | 'width' | 'height' | 'expiresAt'>>;
  /** Reads the report again, once. */
  renewed(): Promise<Renewal>;
}

/** The links of a report: as they were read last, and afresh where they are asked for. */
async function linksOf(
  { db, renew, write }: ReportFetch,
  key: ReportKey,
  report: ReportRow,
  known: readonly PictureRow[],
): Promise<Links> {
  let match = new Map<number, Listed>();
  let renewal: Promise<Renewal> | undefined;
  const take = async (document: string, isFresh: boolean) => {
    const listed = listedPictures(document);
    match = matched(known, listed);
    const found = new Set(match.values());
    const others = listed.filter((one) => !found.has(one));
    // Before Apple was asked, what is listed otherwise than before may be a picture that is known.
    if (others.length === 0 || (!isFresh && match.size < known.length)) return;
    await write(wantedPictures(key, others, 1 + Math.max(-1, ...known.map(({ position }) => position))));
  };
  await take(report.document, false);
  return {
    of: ({ position }) => match.get(position),
    factsOf(row) {
      const link = match.get(row.position);
      return link
        ? { path: link.path, width: link.width, height: link.height, expiresAt: link.expiresAt }
        : {};
    },
    renewed() {
      renewal ??= renew(key, report.appId).then(async (result) => {
        const fresh = result === 'fresh' ? await reportOf(db, key) : undefined;
        if (fresh) await take(fresh.document, true);
        return result;
      });
      return renewal;
    },
  };
}

interface Try {
  readonly row: PictureRow;
  readonly links: Links;
  readonly downloader: Downloader;
  readonly signal: AbortSignal;
}

async function tryPicture(run: ReportFetch, { row, links, downloader, signal }: Try): Promise<Download> {
  const before = links.of(row);
  const ends = before?.expiresAt ?? Number.POSITIVE_INFINITY;
  const isOver = ends < run.clock.now() + NEARLY_MS && !run.doubted.has(row.accountId);
  if (!before || isOver) await links.renewed();
  let link = links.of(row);
  // Fresh and over at once: the clocks differ, and only trying tells.
  if (isOver && link !== before && (link?.expiresAt ?? ends) < run.clock.now())
    run.doubted.add(row.accountId);
  let answer = link ? await downloader.get(link.url, signal) : null;
  if (answer?.kind === 'expired' && link === before) {
    await links.renewed();
    const fresh = links.of(row);
    if (fresh && fresh.url !== link?.url) {
      link = fresh;
      answer = await downloader.get(fresh.url, signal);
    }
  }
  if (answer && answer.kind !== 'expired') return answer;
  const renewal = await links.renewed();
  if (renewal === 'gone')
    return { kind: 'refused', words: 'The report is gone at Apple, and its link had ended before.' };
  if (renewal !== 'fresh') return { kind: 'passing', ...renewal };
  return answer ?? { kind: 'refused', words: 'Apple does not list this picture any more.' };
}

async function settled(run: ReportFetch, row: PictureRow, answer: Download): Promise<Write[]> {
  if (answer.kind === 'bytes') return stored(run, row, answer.bytes);
  if (answer.kind === 'refused') return [refused(row, answer.words)];
  if (answer.kind === 'passing') return [later(run, row, answer.words, answer.afterMs)];
  return [row.tries + 1 < MOST_TRIES ? later(run, row, answer.words) : refused(row, answer.words)];
}

async function stored(run: ReportFetch, row: PictureRow, bytes: Uint8Array): Promise<Write[]> {
  const judged = judgePicture(bytes);
  if (!judged) {
    const words =
      bytes.length === 0
        ? 'The file is empty.'
        : 'The file is no picture of a kind that is kept (PNG, JPEG, HEIC, WebP, GIF).';
    // A sign-in page or a half-written file may stand in for a while.
    return [row.tries + 1 < MOST_TRIES ? later(run, row, words) : refused(row, words)];
  }
  const { type, width, height } = judged;
  const size = `${width} × ${height}`;
  if (width * height > MOST_PIXELS)
    return [refused(row, `The picture has ${size} pixels; more than 50 million are not opened.`)];
  const hash = createHash('sha256').update(bytes).digest('hex');
  await run.place.put(hash, bytes, type);
  run.stored(bytes.length);
  const isAsSaid =
    row.width === null ||
    row.height === null ||
    (row.width === width && row.height === height) ||
    // On its side.
    (row.width === height && row.height === width);
  const trouble = isAsSaid
    ? null
    : `Apple says ${row.width} × ${row.height} pixels; the picture has ${size}.`;
  const place = run.place.name;
  const now = run.clock.now();
  return [
    storedFile({ hash, type, size: bytes.length, width, height, place, thumbHash: null, storedAt: now }),
    pictureOutcome({ ...row, state: 'stored', trouble, hash, tryAfter: 0 }),
  ];
}

const refused = (row: PictureRow, trouble: string): Write =>
  pictureOutcome({ ...row, state: 'refused', trouble, tries: row.tries + 1 });

function later({ clock }: ReportFetch, row: PictureRow, trouble: string, afterMs?: number): Write {
  const tries = row.tries + 1;
  const waitMs = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** Math.min(tries - 1, 20));
  const tryAfter = clock.now() + Math.max(waitMs, afterMs ?? 0);
  return pictureOutcome({ ...row, state: 'failed', trouble, tries, tryAfter });
}
