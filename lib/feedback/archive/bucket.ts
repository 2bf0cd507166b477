import { createWriteStream, openAsBlob } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AwsClient } from 'aws4fetch';
import { isHash, type Lying, type Place, PlaceError } from './place';

/** A bucket of any service that speaks S3, addressed by path. */
export interface BucketSettings {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What all keys begin with; may be empty. */
  readonly prefix: string;
}

/** For each request, ms. */
const PATIENCE_MS = 60_000;
/** For files that may be large, ms. */
const LONG_MS = 30 * 60_000;

/** A bucket: `prefix/ab/cdef…`. What is put there is whole or not there, which the service sees to by its hash. */
export function bucketPlace(settings: BucketSettings): Place {
  const { accessKeyId, secretAccessKey, region, endpoint, bucket } = settings;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 2 });
  const prefix = settings.prefix.replace(/^\/+|\/+$/g, '');
  const start = prefix === '' ? '' : `${prefix}/`;
  const base = `${endpoint}/${encodeURIComponent(bucket)}`;
  const addressOf = (hash: string) => {
    if (!isHash(hash)) throw new TypeError('Not a hash.');
    const key = `${start}${hash.slice(0, 2)}/${hash.slice(2)}`;
    return `${base}/${key.split('/').map(encodeURIComponent).join('/')}`;
  };

  async function ask(method: string, url: string, init: RequestInit = {}): Promise<Response> {
    let answer: Response;
    try {
      answer = await client.fetch(url, {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...init,
      });
    } catch (error) {
      throw new PlaceError('away', `The bucket ${bucket} cannot be reached.`, error);
    }
    if (answer.ok || (answer.status === 404 && method !== 'PUT')) return answer;
    throw refusal(bucket, answer.status, await codeIn(answer));
  }

  /** An answer's body, which may break off long after its head has come. */
  async function whole<Body>(read: () => Promise<Body>): Promise<Body> {
    try {
      return await read();
    } catch (error) {
      throw new PlaceError('away', `The bucket ${bucket} broke off while it answered.`, error);
    }
  }

  return {
    name: 'bucket',
    async put(hash, bytes, type) {
      const headers = { 'content-type': type, 'x-amz-content-sha256': hash };
      const answer = await ask('PUT', addressOf(hash), { body: new Uint8Array(bytes), headers });
      await letGo(answer);
    },
    async putFile(hash, file, type) {
      const headers = { 'content-type': type, 'x-amz-content-sha256': hash };
      const body = await openAsBlob(/* turbopackIgnore: true */ file, { type });
      const answer = await ask('PUT', addressOf(hash), {
        body,
        headers,
        signal: AbortSignal.timeout(LONG_MS),
      });
      await letGo(answer);
    },
    pathOf: async () => null,
    async copyTo(hash, file) {
      const answer = await ask('GET', addressOf(hash), { signal: AbortSignal.timeout(LONG_MS) });
      if (answer.status !== 404) {
        const body = Readable.fromWeb(answer.body as never);
        const written = createWriteStream(/* turbopackIgnore: true */ file, { flags: 'wx', mode: 0o600 });
        await pipeline(body, written).catch(async (error: unknown) => {
          await rm(/* turbopackIgnore: true */ file, { force: true });
          const code = error instanceof Error && 'code' in error ? String(error.code) : '';
          if (['ENOSPC', 'EDQUOT'].includes(code))
            throw new PlaceError(
              'full',
              'The disk is full: a file of the bucket cannot be read here.',
              error,
            );
          throw new PlaceError('away', `The bucket ${bucket} broke off while it gave a file.`, error);
        });
        return true;
      }
      const code = await codeIn(answer);
      if (code === 'NoSuchBucket') throw refusal(bucket, 404, code);
      return false;
    },
    async get(hash) {
      const answer = await ask('GET', addressOf(hash));
      if (answer.status !== 404) return new Uint8Array(await whole(() => answer.arrayBuffer()));
      // That there is no bucket is not that there is no file.
      const code = await codeIn(answer);
      if (code === 'NoSuchBucket') throw refusal(bucket, 404, code);
      return null;
    },
    async remove(hash) {
      const answer = await ask('DELETE', addressOf(hash));
      await letGo(answer);
    },
    async *list() {
      for (let token: string | null = ''; token !== null; ) {
        const query = new URLSearchParams({ 'list-type': '2', prefix: start });
        if (token !== '') query.set('continuation-token', token);
        const answer = await ask('GET', `${base}?${query}`);
        const xml = await whole(() => answer.text());
        if (answer.status === 404) throw refusal(bucket, 404, field(xml, 'Code') ?? '');
        for (const [, entry = ''] of xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)) {
          const lying = lyingOf(entry, start);
          if (lying) yield lying;
        }
        token = field(xml, 'IsTruncated') === 'true' ? field(xml, 'NextContinuationToken') : null;
      }
    },
    tidy: async () => undefined,
  };
}

function lyingOf(entry: string, start: string): Lying | null {
  const key = field(entry, 'Key') ?? '';
  const hash = key.startsWith(start) ? key.slice(start.length).replace('/', '') : '';
  if (!isHash(hash)) return null;
  return { hash, size: Number(field(entry, 'Size')), at: Date.parse(field(entry, 'LastModified') ?? '') };
}

/** The text of an element; S3's answers are flat and small. */
function field(xml: string, name: string): string | null {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return text === undefined
    ? null
    : text
        .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
        .replace(/&quot;/g, '"')
        .replace(/&lt;/g, '<')
        .replace(/&gt;/g, '>')
        .replace(/&amp;/g, '&');
}

/** What is done is done, whatever becomes of the words about it. */
const letGo = async (answer: Response) => answer.body?.cancel().catch(() => undefined);

const codeIn = async (answer: Response) => field(await answer.text().catch(() => ''), 'Code') ?? '';

const WORDS: Readonly<Record<string, string>> = {
  SignatureDoesNotMatch: 'refuses the secret key (ARCHIVE_S3_SECRET_ACCESS_KEY)',
  InvalidAccessKeyId: 'does not know the access key (ARCHIVE_S3_ACCESS_KEY_ID)',
  NoSuchBucket: 'does not exist (ARCHIVE_S3_BUCKET)',
  AccessDenied: 'does not allow this key to do it',
  AuthorizationHeaderMalformed: 'is in another region (ARCHIVE_S3_REGION)',
  QuotaExceeded: 'is full',
  EntityTooLarge: 'takes no file of this size',
  RequestTimeTooSkewed: 'says that the clock of this server is wrong',
};

function refusal(bucket: string, status: number, code: string): PlaceError {
  const words = Object.hasOwn(WORDS, code) ? WORDS[code] : `answered ${status}`;
  const isFull = code === 'QuotaExceeded' || status === 507;
  const reason = isFull ? 'full' : status >= 500 || status === 429 ? 'away' : 'refused';
  return new PlaceError(reason, `The bucket ${bucket} ${words}.`);
}
