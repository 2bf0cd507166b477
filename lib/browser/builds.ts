import { mutationOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { keys } from './keys';
import type { BuildResource, ListDocument, OneDocument, ResourceObject } from './types';

/** A build as a request names it: its account is told, where two have the app. */
type Which = Pick<BuildResource, 'id' | 'meta'>;

interface Change {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, unknown>>;
}

function patch({ id, meta }: Which, { attributes, relationships }: Change) {
  return api<OneDocument<BuildResource>>(`/api/v1/builds/${encodeURIComponent(id)}`, {
    method: 'PATCH',
    body: { data: { type: 'builds', id, attributes, ...(relationships ? { relationships } : {}) } },
    accountId: meta?.accountId,
  });
}

/** Ends the testing of a build for good. */
export function expireMutation() {
  return mutationOptions({
    mutationFn: (build: Which) => patch(build, { attributes: { expired: true } }),
    meta: { stale: ['builds'] },
  });
}

/** What is said of a build's encryption: exempt, or by which declaration it is not. */
export type ComplianceAnswer =
  | { readonly isExempt: true }
  | { readonly isExempt: false; readonly declarationId: string };

/** Answers the export compliance of one build. */
export function complianceMutation() {
  return mutationOptions({
    mutationFn: ({ build, answer }: { build: Which; answer: ComplianceAnswer }) =>
      patch(build, {
        attributes: { usesNonExemptEncryption: !answer.isExempt },
        ...(answer.isExempt
          ? {}
          : {
              relationships: {
                appEncryptionDeclaration: {
                  data: { type: 'appEncryptionDeclarations', id: answer.declarationId },
                },
              },
            }),
      }),
    meta: { stale: ['builds'] },
  });
}

/** Answers the export compliance of several builds of one app, as a job with an outcome for each. */
export function complianceJobMutation() {
  return mutationOptions({
    mutationFn: ({ builds, declarationId }: { builds: readonly Which[]; declarationId: string | null }) => {
      const { appId, accountId } = builds[0]?.meta ?? {};
      return api<{ data: { readonly id: string } }>('/api/jobs', {
        method: 'POST',
        body: {
          ...{ kind: 'answer-compliance', appId },
          ...(accountId === undefined ? {} : { accountId }),
          input: { builds: builds.map(({ id }) => id), declarationId },
        },
      });
    },
    meta: { stale: ['jobs'] },
  });
}

/** What an app has told Apple about its encryption. */
export type DeclarationResource = ResourceObject<{
  readonly appDescription?: string | null;
  readonly createdDate?: string | null;
  readonly exempt?: boolean | null;
  readonly codeValue?: string | null;
  readonly appEncryptionDeclarationState?: string | null;
}>;

/** The declarations of an app, as App Store Connect has them now. */
export function declarationsOptions(appId: string, accountId?: string) {
  const query = `filter[app]=${encodeURIComponent(appId)}&include=appEncryptionDeclarationDocument&limit=200&refresh=1`;
  return queryOptions({
    queryKey: keys.list('appEncryptionDeclarations', accountId ? `${query} of ${accountId}` : query),
    queryFn: ({ signal }) =>
      api<ListDocument<DeclarationResource>>(`/api/v1/appEncryptionDeclarations?${query}`, {
        signal,
        accountId,
      }),
  });
}

/** The declaration that a build answers by, or none. */
export function declarationOfOptions(buildId: string) {
  return queryOptions({
    queryKey: keys.related('builds', buildId, 'declaration'),
    queryFn: ({ signal }) =>
      api<{ data: DeclarationResource | null }>(
        `/api/v1/builds/${encodeURIComponent(buildId)}/appEncryptionDeclaration`,
        { signal },
      ),
  });
}

/** Sends the paper of a declaration: its place is reserved, filled part by part and closed by the server. */
export function documentMutation() {
  return mutationOptions({
    mutationFn: (paper: { declarationId: string; file: File; accountId: string | undefined }) =>
      api<{ data: { id: string } }>(
        `/api/encryption-declarations/${encodeURIComponent(paper.declarationId)}/document?name=${encodeURIComponent(paper.file.name)}`,
        { method: 'PUT', file: paper.file, accountId: paper.accountId },
      ),
    meta: { stale: ['appEncryptionDeclarations', 'appEncryptionDeclarationDocuments'] },
  });
}

/** Shows at once what automatic notification is going to be. */
export function showAutoNotify(client: QueryClient, buildId: string, isOn: boolean): void {
  client.setQueriesData({ queryKey: ['v1', 'builds', 'one', buildId] }, (document: unknown) => {
    const known = document as OneDocument<BuildResource> | undefined;
    if (!known?.data) return document;
    return { ...known, data: { ...known.data, meta: { ...known.data.meta, autoNotifyEnabled: isOn } } };
  });
}
