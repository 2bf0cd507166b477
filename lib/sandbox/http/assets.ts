import type { Assembly } from '../assembly';
import { ICON_PATH } from '../programme/pictures/icon';

export interface Asset {
  status: number;
  headers: Record<string, string>;
  content: Uint8Array | string;
}

const UPLOADS = '/sandbox-assets/uploads/';
const DOCUMENTS = 'appEncryptionDeclarationDocuments';

/** Icons, and screenshots by their signed address; no token is wanted, and an expired address is refused. */
export function serveAsset(parts: Assembly, url: URL): Asset {
  const picture = url.pathname.startsWith(ICON_PATH)
    ? parts.world.programme.icon(url.pathname.slice(ICON_PATH.length).split('/')[0] ?? '')
    : parts.screenshots.picture(url);
  return picture === null
    ? { status: 403, headers: { 'content-type': 'text/plain' }, content: 'Access denied\n' }
    : { status: 200, headers: { 'content-type': 'image/png' }, content: picture };
}

/** Takes one part of a reserved document, by the address of the reservation. */
export function receiveAsset(parts: Assembly, url: URL, bytes: Uint8Array | null): Asset {
  const { store } = parts.world;
  const isUpload = url.pathname.startsWith(UPLOADS);
  const [id = '', number = ''] = isUpload ? url.pathname.slice(UPLOADS.length).split('/') : [];
  const document = store.get(DOCUMENTS, id);
  const { uploadOperations, received = [] } = (document?.attributes ?? {}) as {
    uploadOperations?: readonly { readonly length: number }[];
    received?: readonly number[];
  };
  const part = Number(number);
  if (!document || bytes === null || bytes.length !== uploadOperations?.[part - 1]?.length)
    return { status: 400, headers: {}, content: 'The bytes do not fit the reservation\n' };
  store.update(document, { received: [...new Set([...received, part])] });
  return { status: 200, headers: {}, content: '' };
}
