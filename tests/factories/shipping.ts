import { runJobs } from '@/lib/jobs/loop';
import { readJob } from '@/lib/jobs/rows';
import { uploadBuild } from '@/lib/sandbox/life/arrivals';
import { decideReview, finishProcessing } from '@/lib/sandbox/life/steps';
import { setStates } from '@/lib/sandbox/rules/build-state';
import { jobRunner } from '@/lib/services/jobs/runner';
import type { PeopleBench } from './people-bench';

/** All that beta review asks of the app is there, and nothing waits for it. */
export function makeReady({ sandbox, appId }: Pick<PeopleBench, 'sandbox' | 'appId'>): void {
  const { store } = sandbox.parts().world;
  const own = (type: string) => [...store.all(type).values()].filter((one) => one.appId === appId);
  for (const text of own('betaAppLocalizations'))
    store.update(text, { description: 'A fine app', feedbackEmail: 'beta@example.com' });
  for (const contact of own('betaAppReviewDetails'))
    store.update(contact, {
      ...{ contactFirstName: 'A', contactLastName: 'B', contactPhone: '+351 1' },
      ...{ contactEmail: 'a@example.com', demoAccountRequired: false },
    });
  for (const submission of own('betaAppReviewSubmissions'))
    if (submission.attributes.betaReviewState !== 'APPROVED') store.remove(submission);
}

/** A build that was uploaded this moment, and is processed when the test says so. */
export function freshBuild(
  { sandbox, appId }: Pick<PeopleBench, 'sandbox' | 'appId'>,
  attributes: Readonly<Record<string, unknown>> = { usesNonExemptEncryption: null },
) {
  const { world } = sandbox.parts();
  const { id } = uploadBuild(world, appId, { ...attributes }) as { id: string };
  const resource = () => {
    const build = world.store.get('builds', id);
    if (!build) throw new Error('the build is there');
    return build;
  };
  const train = world.store.relatedOne(resource(), 'preReleaseVersion');
  const words = [train?.attributes.version, resource().attributes.version, train?.attributes.platform].join(
    '/',
  );
  return {
    id,
    words,
    resource,
    process(isAgain = false) {
      if (isAgain) setStates(world, resource(), { internal: 'PROCESSING', external: 'PROCESSING' });
      finishProcessing(world, resource());
    },
  };
}

/** Beta review decides. */
export function approve(
  { sandbox }: Pick<PeopleBench, 'sandbox'>,
  buildId: string,
  decision: 'APPROVED' | 'REJECTED' = 'APPROVED',
): void {
  const { world } = sandbox.parts();
  const build = world.store.get('builds', buildId);
  const submission = build && world.store.relatedOne(build, 'betaAppReviewSubmission');
  if (!submission) throw new Error('the build was submitted');
  decideReview(world, submission, decision === 'APPROVED');
}

/** The writes that arrived at the sandbox and were carried out, in order. */
export function journal({ sandbox }: Pick<PeopleBench, 'sandbox'>): [method: string, path: string][] {
  return sandbox
    .parts()
    .requests.entries()
    .filter(({ method, status }) => method !== 'GET' && status < 400)
    .map(({ method, template }) => [method, template ?? '']);
}

/** Works on a job that may sleep until it ends or sleeps again. */
export async function runSome({ app, db }: PeopleBench, jobId: string, timeoutMs = 30_000): Promise<void> {
  const sql = "UPDATE jobs SET scheduledAt = NULL WHERE id = ? AND status = 'queued'";
  await db.write([{ sql, params: [jobId] }]);
  const stop = new AbortController();
  const loop = runJobs(jobRunner(app, { callLimitMs: 300, effectLagMs: 100 }), stop.signal, { pollMs: 20 });
  const deadline = Date.now() + timeoutMs;
  const rests = async () => {
    const job = await readJob(db, jobId);
    return job?.status === 'queued' ? (job.scheduledAt ?? 0) > Date.now() : job?.status !== 'running';
  };
  while (!(await rests()) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort();
  await loop;
}
