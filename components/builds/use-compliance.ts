'use client';

import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { announceJob } from '@/components/jobs/watched-jobs';
import { complianceJobMutation, complianceMutation, documentMutation } from '@/lib/browser/builds';
import type { BuildResource } from '@/lib/browser/types';
import { createMutation } from '@/lib/browser/writes';
import { type NewDeclaration, needsPaper } from './new-declaration';

/** Builds whose answer was refused, by id, with the reason. */
export type Refusals = ReadonlyMap<string, unknown>;

const NONE: Refusals = new Map();

/** Answers export compliance for builds; what was begun before is left out of a second try. */
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
  const job = useMutation(complianceJobMutation());
  const creation = useMutation(createMutation('appEncryptionDeclarations'));
  const upload = useMutation(documentMutation());
  const [doing, setDoing] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [refused, setRefused] = useState<Refusals>(NONE);
  // What was made by a try that broke off is not made a second time.
  const made = useRef<string | null>(null);
  const sent = useRef<string | null>(null);
  const begun = useRef(new Set<string>());

  const sendPaper = async (declarationId: string, file: File) => {
    if (sent.current === declarationId) return;
    setDoing('Sending the document …');
    await upload.mutateAsync({ declarationId, file, accountId });
    sent.current = declarationId;
  };
  /** One is answered at once; several are a job of each app, which goes on when the tab is closed. */
  const answerAll = async (declarationId: string | null): Promise<Refusals> => {
    const left = new Map<string, unknown>();
    const [only, ...others] = builds;
    if (only && others.length === 0) {
      setDoing('Answering …');
      const answer =
        declarationId === null
          ? ({ isExempt: true } as const)
          : ({ isExempt: false, declarationId } as const);
      await compliance.mutateAsync({ build: only, answer }).catch((problem) => left.set(only.id, problem));
    } else {
      setDoing('Beginning …');
      for (const [place, ofApp] of byApp(builds)) {
        if (begun.current.has(place)) continue;
        try {
          announceJob((await job.mutateAsync({ builds: ofApp, declarationId })).data.id);
          begun.current.add(place);
        } catch (problem) {
          for (const { id } of ofApp) left.set(id, problem);
        }
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

/** Builds by the account and app they are of: a job is of one. */
function byApp(builds: readonly BuildResource[]): Map<string, BuildResource[]> {
  const found = new Map<string, BuildResource[]>();
  for (const build of builds) {
    const place = `${build.meta?.accountId} ${build.meta?.appId}`;
    found.set(place, [...(found.get(place) ?? []), build]);
  }
  return found;
}
