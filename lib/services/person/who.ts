import { titleOf } from '@/lib/feedback/intake';
import { personName } from '@/lib/format/people';
import { addressKey } from '@/lib/mirror/text';
import { shape } from '@/lib/store/shape';
import type { Ctx } from '../ctx';
import { partsOf } from './address';

/** A tester of Apple's with this address, in one app; an app that is gone is known by its history alone. */
export interface PersonTester {
  readonly accountId: string;
  readonly appId: string;
  readonly testerId: string;
}

/** A report that the person sent. */
export interface PersonReport {
  readonly accountId: string;
  readonly appId: string;
  readonly id: string;
  readonly type: string;
  readonly issueId: string | null;
  readonly comment: string | null;
  readonly document: string;
}

/** Who is meant by an address, and by what else the person is known here. */
export interface Person {
  /** As `addressOf` gives it. */
  readonly address: string;
  readonly testers: readonly PersonTester[];
  readonly testerIds: ReadonlySet<string>;
  readonly reports: readonly PersonReport[];
  /** First and last name together, as people write it. */
  readonly names: readonly string[];
}

const testers = shape((build, given: { address: string }) =>
  build
    .selectFrom('betaTesters')
    .select(['accountId', 'appId', 'id as testerId', 'firstName', 'lastName'])
    .where('emailLower', '=', given.address),
);
const former = shape((build, given: { address: string }) =>
  build
    .selectFrom('testerEvents')
    .select(['accountId', 'appId', 'testerId'])
    .where('emailLower', '=', given.address)
    .distinct(),
);

/** Whoever has an address, over all accounts and apps. */
export async function findPerson(ctx: Ctx, address: string): Promise<Person> {
  const { db } = ctx;
  const [now, before] = [await db.read(testers({ address })), await db.read(former({ address }))];
  const known = new Map<string, PersonTester>();
  for (const { accountId, appId, testerId } of [...now, ...before])
    known.set(`${accountId} ${appId} ${testerId}`, { accountId, appId, testerId });
  const testerIds = new Set([...known.values()].map(({ testerId }) => testerId));
  const names = now
    .filter(({ firstName, lastName }) => firstName && lastName)
    .map(({ firstName, lastName }) => personName({ firstName, lastName, email: null }));
  return {
    address,
    testers: [...known.values()],
    testerIds,
    reports: await reportsOf(ctx, address, [...known.values()]),
    names: [...new Set(names)],
  };
}

/** Reports that carry the address, or come from a tester who has it; those that were erased before carry neither. */
async function reportsOf(
  { db }: Ctx,
  address: string,
  those: readonly PersonTester[],
): Promise<PersonReport[]> {
  const { build, dialect } = db;
  const testerIds = [...new Set(those.map(({ testerId }) => testerId))];
  const keys = new Set(those.map(({ accountId, testerId }) => `${accountId} ${testerId}`));
  const rows = await db.read(
    build
      .selectFrom('feedback')
      .select(['accountId', 'appId', 'id', 'type', 'issueId', 'comment', 'document', 'email', 'testerId'])
      .where(({ or, and, ref }) =>
        or([
          dialect.among(ref('testerId'), testerIds),
          ...partsOf(address).map((parts) => and(parts.map((part) => dialect.holds(ref('email'), part)))),
        ] as never),
      )
      .orderBy('createdDate', (by) => by.asc().nullsLast())
      .orderBy('id'),
  );
  return rows
    .filter(
      ({ accountId, email, testerId }) =>
        (email !== null && addressKey(email.trim()) === address) ||
        (testerId !== null && keys.has(`${accountId} ${testerId}`)),
    )
    .map(({ email: _, testerId: __, ...row }) => row);
}

/** What the person wrote, as it may stand elsewhere: whole, or as the title of an issue; short words prove nothing. */
export function wordsOf({ reports }: Person): string[] {
  const texts = reports.flatMap(({ comment }) =>
    comment === null ? [] : [comment.trim(), titleOf(comment)],
  );
  return [...new Set(texts)]
    .filter((text) => text.length >= SHORTEST)
    .sort((one, other) => other.length - one.length);
}

/** Letters of a text that is taken for the person's own wherever it stands. */
const SHORTEST = 12;
