import type { AscClient } from '@/lib/asc/client-interface';
import { isAscError } from '@/lib/asc/errors';

const TYPE = 'appEncryptionDeclarations' as const;
const covered = (id: string | null) => ({
  appEncryptionDeclaration: { data: id === null ? null : { type: TYPE, id } },
});

/**
 * What is sent to answer export compliance, by a declaration or as exempt for null, and what the trail says of it. A build
 * that has its answer is given another declaration alone: App Store Connect takes no answer twice.
 */
export function answerOf(
  declarationId: string | null,
  answered: { readonly attached: string | null } | null,
) {
  const attributes = { usesNonExemptEncryption: declarationId !== null };
  const before = { attributes: { usesNonExemptEncryption: null } };
  if (declarationId === null) return { input: { attributes }, before, requested: { attributes } };
  const relationships = { appEncryptionDeclaration: { data: { type: TYPE, id: declarationId } } };
  if (answered === null) {
    const input = { attributes, relationships };
    return { input, before, requested: input };
  }
  return {
    input: { relationships },
    before: { attributes: {}, relationships: covered(answered.attached) },
    requested: { attributes: {}, relationships },
  };
}

/** The declaration that a build answers by at this moment; null where it has none. @throws AscError */
export async function declarationOf(asc: AscClient, buildId: string): Promise<string | null> {
  try {
    const { document } = await asc.getRelated('builds', buildId, 'appEncryptionDeclaration');
    return document.data?.id ?? null;
  } catch (error) {
    if (isAscError(error) && error.is('not_found')) return null;
    throw error;
  }
}
