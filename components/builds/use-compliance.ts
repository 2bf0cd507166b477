'use client';

import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { complianceMutation, documentMutation } from '@/lib/browser/builds';
import type { BuildResource } from '@/lib/browser/types';
import { createMutation } from '@/lib/browser/writes';
import { formatCount } from '@/lib/format/numbers';
import { type NewDeclaration, needsPaper } from './new-declaration';

/** Builds whose answer was refused, by id, with the reason. */
export type Refusals = ReadonlyMap<string, unknown>;

const NONE: Refusals = new Map();

/** Answers export compliance for builds, one after the other; those that were answered before are left out of a second try. */
export function useCompliance({
  builds,
  appId,
  accountId,
}: {
  builds: readonly BuildResource[];
  appId: string;
  accountId: string | undefined;
}) {
  const compliance = useMutation(complianceMutation());
  const creation = useMutation(createMutation('appEncryptionDeclarations'));
  const upload = useMutation(documentMutation());
  const [doing, setDoing] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [refused, setRefused] = useState<Refusals>(NONE);
  // What was made by a try that broke off is not made a second time.
  const made = useRef<string | null>(null);
  const sent = useRef<string | null>(null);
  const answered = useRef(new Set<string>());

  const sendPaper = async (declarationId: string, file: File) => {
    if (sent.current === declarationId) return;
    setDoing('Sending the document …');
    await upload.mutateAsync({ declarationId, file, accountId });
    sent.current = declarationId;
  };
  const answerAll = async (declarationId: string | null): Promise<Refusals> => {
    const left = new Map<string, unknown>();
    const open = builds.filter(({ id }) => !answered.current.has(id));
    for (const [index, build] of open.entries()) {
      setDoing(
        open.length === 1
          ? 'Answering …'
          : `Answering ${formatCount(index + 1)} of ${formatCount(open.length)} …`,
      );
      try {
        const answer =
          declarationId === null
            ? ({ isExempt: true } as const)
            : ({ isExempt: false, declarationId } as const);
        await compliance.mutateAsync({ build, answer });
        answered.current.add(build.id);
      } catch (problem) {
        left.set(build.id, problem);
      }
    }
    setRefused(left);
    return left;
  };
  const guarded = async (run: () => Promise<Refusals>): Promise<Refusals> => {
    setError(null);
    setRefused(NONE);
    try {
      return await run();
    } catch (problem) {
      setError(problem);
      throw problem;
    } finally {
      setDoing(null);
    }
  };
  return {
    doing,
    error,
    refused,
    /** By a declaration of the app, or as exempt for null; `paper` is the document that the declaration still wants. */
    answer: (declarationId: string | null, paper: File | null) =>
      guarded(async () => {
        if (declarationId !== null && paper) await sendPaper(declarationId, paper);
        return answerAll(declarationId);
      }),
    /** By a declaration that is made now. */
    declare: ({ paper, ...declared }: NewDeclaration) =>
      guarded(async () => {
        if (made.current === null) {
          setDoing('Declaring …');
          const answer = await creation.mutateAsync({
            attributes: declared,
            relationships: { app: { data: { type: 'apps', id: appId } } },
            accountId,
          });
          made.current = answer.data.id;
        }
        if (paper && needsPaper({ ...declared, paper })) await sendPaper(made.current, paper);
        return answerAll(made.current);
      }),
  };
}
