import { infiniteQueryOptions, mutationOptions, queryOptions } from '@tanstack/react-query';
import { ApiError, api, shownAccount } from './api';
import { keys } from './keys';
import type { Problem, ResourceObject, SentAnswer, SymbolsPage } from './types';

/** Which symbols an app's crashes need, and which are here, page by page. */
export function symbolsOptions(appId: string) {
  return infiniteQueryOptions({
    queryKey: keys.own('symbols', appId),
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ app: appId, ...(pageParam ? { cursor: pageParam } : {}) });
      return api<{ data: SymbolsPage }>(`/api/symbols?${query}`, { signal });
    },
    initialPageParam: '',
    getNextPageParam: ({ data }) => data.nextCursor ?? undefined,
  });
}

/** Deletes symbols. */
export function removeSymbolsMutation() {
  return mutationOptions({
    mutationFn: (uuid: string) =>
      api<unknown>(`/api/symbols/${encodeURIComponent(uuid)}`, { method: 'DELETE' }),
    meta: { stale: ['symbols', 'archive', 'activity', 'feedback'] },
  });
}

/** Sends one file with symbols; `onProgress` is told which share of it has left. */
export function sendSymbols(
  { appId, file, name }: { readonly appId: string; readonly file: Blob; readonly name: string },
  { onProgress, signal }: { onProgress: (share: number) => void; signal: AbortSignal },
): Promise<SentAnswer> {
  // The platform's fetch does not tell how much has been sent.
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const query = new URLSearchParams({ app: appId, name });
    const account = shownAccount();
    if (account) query.set('account', account);
    request.open('POST', `/api/symbols?${query}`);
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      const body = request.response as { data?: SentAnswer; errors?: readonly Problem[] } | null;
      if (request.status < 300 && body?.data) resolve(body.data);
      else reject(new ApiError(request.status, body?.errors ?? [UNREADABLE]));
    };
    request.onerror = () => reject(new ApiError(0, [UNREACHABLE]));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

const UNREADABLE: Problem = {
  code: 'FLIGHTDECK.ANSWER',
  title: 'Flightdeck answered in a form that cannot be read',
  detail: 'The server gave no reason. A proxy in between may allow only smaller files.',
};
const UNREACHABLE: Problem = {
  code: 'FLIGHTDECK.UNREACHABLE',
  title: 'Flightdeck cannot be reached',
  detail: 'The connection broke while the file was sent. Nothing of it was kept; send it again.',
};

interface Bundle {
  readonly includesSymbols?: boolean | null;
  readonly dSYMUrl?: string | null;
}

/** What App Store Connect has of a build's symbols. */
export function bundlesOptions(buildId: string) {
  return queryOptions({
    queryKey: keys.one('builds', buildId, 'include=buildBundles'),
    queryFn: ({ signal }) =>
      api<{ included?: readonly ResourceObject<Bundle>[] }>(
        `/api/v1/builds/${encodeURIComponent(buildId)}?include=buildBundles`,
        { signal },
      ),
    staleTime: 300_000,
  });
}
