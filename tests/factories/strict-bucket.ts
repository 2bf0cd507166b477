import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StrictBucket {
  readonly url: string;
  readonly objects: Map<string, Uint8Array>;
  /** Answers instead of the bucket, while it gives a status; only to files of a type, where it names one. */
  trouble: { status: number; code: string; type?: string } | null;
  /** Breaks off in the middle of every object that is asked for, and of every list. */
  isCut: boolean;
  close(): Promise<void>;
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A bucket that judges each signature by Amazon's description of version 4, and each body by the hash it is signed with. */
export async function strictBucket({
  id = 'KEY',
  secret = 'SECRET',
  region = 'eu-test-1',
} = {}): Promise<StrictBucket> {
  const objects = new Map<string, Uint8Array>();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const refuse = (status: number, code: string) =>
      void response.writeHead(status).end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
    const { trouble } = bucket;
    if (trouble && [undefined, request.headers['content-type']].includes(trouble.type))
      return refuse(trouble.status, trouble.code);
    const fault = faultOf(request, body, { id, secret, region });
    if (fault) return refuse(403, fault);
    const url = new URL(request.url ?? '', 'http://bucket');
    const key = decodeURIComponent(url.pathname).replace(/^\/pictures\/?/, '');
    if (request.method === 'PUT') objects.set(key, body);
    if (request.method === 'DELETE') objects.delete(key);
    if (request.method !== 'GET') return void response.writeHead(request.method === 'PUT' ? 200 : 204).end();
    const isList = url.searchParams.has('list-type');
    const object = isList ? Buffer.from(listing(objects, url.searchParams)) : objects.get(key);
    if (object && bucket.isCut) {
      response.writeHead(200, { 'content-length': object.length });
      response.write(object.subarray(0, object.length / 2), () => response.destroy());
    } else if (object) response.end(object);
    else refuse(404, 'NoSuchKey');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const bucket: StrictBucket = {
    url: `http://127.0.0.1:${port}`,
    objects,
    trouble: null,
    isCut: false,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return bucket;
}

const PAGE = 3;

function listing(objects: ReadonlyMap<string, Uint8Array>, query: URLSearchParams): string {
  const keys = [...objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '')).sort();
  const from = Number(query.get('continuation-token') ?? 0);
  const contents = keys
    .slice(from, from + PAGE)
    .map(
      (key) =>
        `<Contents><Key>${key}</Key><LastModified>2026-11-29T00:00:00.000Z</LastModified><Size>${objects.get(key)?.length}</Size></Contents>`,
    );
  const next = from + PAGE < keys.length;
  const more = next ? `<NextContinuationToken>${from + PAGE}</NextContinuationToken>` : '';
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${next}</IsTruncated>${more}${contents.join('')}</ListBucketResult>`;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, 2026-11 */
function faultOf(
  request: IncomingMessage,
  body: Buffer,
  { id, secret, region }: { id: string; secret: string; region: string },
): string | null {
  const [, key, date = '', place, signed = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(
      request.headers.authorization ?? '',
    ) ?? [];
  if (key !== id) return 'InvalidAccessKeyId';
  if (place !== region) return 'AuthorizationHeaderMalformed';
  const payload = String(request.headers['x-amz-content-sha256']);
  if (payload !== 'UNSIGNED-PAYLOAD' && payload !== sha(body)) return 'XAmzContentSHA256Mismatch';
  if (request.method === 'PUT' && payload === 'UNSIGNED-PAYLOAD') return 'XAmzContentSHA256Mismatch';
  const url = new URL(request.url ?? '', 'http://bucket');
  const query = [...url.searchParams]
    .map((pair) => pair.map((text) => encodeURIComponent(text)).join('='))
    .sort()
    .join('&');
  const headers = signed.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [request.method, url.pathname, query, headers.join(''), signed, payload].join('\n');
  const scope = `${date}/${region}/s3/aws4_request`;
  const stamp = String(request.headers['x-amz-date']);
  const signing = [date, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const right = hmac(signing, `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha(canonical)}`).toString('hex');
  return right === signature ? null : 'SignatureDoesNotMatch';
}
