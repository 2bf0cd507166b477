import { isolated } from '@/lib/format/isolated';
import type { JobStatus } from '@/lib/jobs/types';
import { heldBy } from '@/lib/jobs/view';
import type { Ask, Course, Fact, Find, Told } from './types';

/** Why a ship waits for somebody, by what the bell was told of it. */
const WHY: Readonly<Record<string, readonly [title: string, level: Told['level']]>> = {
  approval: ['waits until a second person approves', 'attention'],
  below: ['is held: too few sessions are free of crashes', 'bad'],
  few: ['is held: there are too few new sessions', 'attention'],
  stale: ['is held: there is nothing new to judge it by', 'attention'],
};

interface JobRow {
  readonly id: string;
  readonly accountId: string | null;
  readonly appId: string | null;
  readonly title: string;
}

function placed({ places }: Ask, { accountId, appId }: JobRow) {
  if (accountId === null || appId === null) return undefined;
  return places.app(accountId, appId);
}

const pathOf = ({ id }: JobRow) => `/jobs/${encodeURIComponent(id)}`;

/** Ships as they began to wait for a person, each for one reason once; and those that something holds up now. */
export const shipWaiting: Find = async (ask, { from, until }, { kind, app }) => {
  const { build, read } = ask.db;
  const jobs = build
    .selectFrom('jobs as j')
    .select(['j.id', 'j.accountId', 'j.appId', 'j.title'])
    .where('j.kind', '=', 'ship')
    .$if(app !== null, (of) =>
      of.where('j.accountId', '=', app?.accountId ?? '').where('j.appId', '=', app?.appId ?? ''),
    );
  const told = await read(
    jobs
      .innerJoin('notices as n', 'n.jobId', 'j.id')
      .select(({ fn }) => ['n.kind as why', fn.min<number>('n.createdAt').as('at')])
      .where('n.kind', 'in', Object.keys(WHY))
      .groupBy(['j.id', 'j.accountId', 'j.appId', 'j.title', 'n.kind'])
      .having(({ fn }) => fn.min('n.createdAt'), '>', from)
      .having(({ fn }) => fn.min('n.createdAt'), '<=', until),
  );
  const facts = told.flatMap(({ why, at, ...job }): Fact[] => {
    const place = placed(ask, job);
    const [words, level] = WHY[why] ?? ['waits', 'attention' as const];
    if (!place) return [];
    return [
      {
        ...{ key: `${kind}/${job.id}/${why}`, kind, at, app: place.name, level },
        ...{ accountId: place.accountId, appId: place.appId, path: pathOf(job) },
        title: `${place.name}: ${isolated(job.title)} ${words}`,
        detail: null,
      },
    ];
  });
  const stopped = await read(
    jobs
      .select(['j.status', 'j.hold', 'j.error', 'j.updatedAt'])
      .where('j.status', 'in', ['paused', 'parked']),
  );
  const courses = stopped.flatMap(({ status, hold, error, updatedAt, ...job }): Course[] => {
    const place = placed(ask, job);
    const isParked = status === 'parked';
    const isHeld = heldBy({ status: status as JobStatus, hold: hold === null ? null : JSON.parse(hold) });
    if (!place || !(isParked || isHeld)) return [];
    const over: Told = {
      title: `${place.name}: ${isolated(job.title)} is ${isParked ? 'stopped until somebody resumes it' : 'held until somebody decides'}`,
      detail: error,
      level: 'bad',
      path: pathOf(job),
    };
    const points = [
      { at: Math.min(updatedAt, until), over },
      { at: until, over },
    ];
    const { accountId, appId, name } = place;
    return [{ subject: `jobs/${job.id}`, accountId, appId, app: name, points }];
  });
  return { facts, courses, tellsFrom: null };
};
