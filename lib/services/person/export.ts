import type { Readable } from 'node:stream';
import { authorise, type UserActor } from '@/lib/access/policy';
import { SealError } from '@/lib/access/sealing';
import { record } from '@/lib/audit/trail';
import { auditActor } from '../audited';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';
import { exportEntries, type ZipEntry, zipped } from '../hand-over/export-zip';
import { addressOf } from './address';
import { logsAbout } from './erase-steps';
import { HOLDINGS } from './inventory';
import { addressHashes, pseudonymOf } from './person-key';
import { redactorOf } from './redact';
import { findPerson } from './who';

/** How long a download that was asked for can be begun, ms. */
const LASTS_MS = 10 * 60_000;

/** By what the address of a download is sealed: it is its asker's alone. */
const subject = ({ id }: UserActor) => `person-export:${id}`;

/**
 * Prepares the download of all that is known of a person. The address is nowhere kept and in no address of a page: what
 * names the download holds it sealed, for the one who asked and for some minutes.
 */
export async function preparePersonExport(
  ctx: Ctx & { readonly actor: UserActor },
  given: string,
): Promise<{ id: string }> {
  authorise(ctx.actor, 'persons:write');
  const address = addressOf(given);
  const until = ctx.clock.now() + LASTS_MS;
  return { id: `${until}.${await ctx.keys.seal(subject(ctx.actor), until, address)}` };
}

/** What was prepared. @throws RefusedError 404 when it is over, or somebody else’s */
export async function readPersonExport(
  ctx: Ctx & { readonly actor: UserActor },
  id: string,
): Promise<PersonExport> {
  authorise(ctx.actor, 'persons:write');
  const over = () => notFound('This download is over. Ask for it anew.');
  const [, time = '', sealedKey = ''] = /^(\d{1,15})\.(.+)$/.exec(id) ?? [];
  const until = Number(time);
  if (sealedKey === '' || until < ctx.clock.now()) throw over();
  const address = await ctx.keys
    .open({ id: subject(ctx.actor), keyVersion: until, sealedKey })
    .catch((error: unknown) => {
      if (error instanceof SealError) throw over();
      throw error;
    });
  return exportPerson(ctx, address);
}

interface PersonExport {
  readonly fileName: string;
  readonly content: Readable;
}

/** All that is known of a person as a zip that is made while it is read; it stands in the trail before it leaves. */
export async function exportPerson(ctx: Ctx, given: string): Promise<PersonExport> {
  authorise(ctx.actor, 'persons:write');
  const address = addressOf(given);
  const hash = (await addressHashes(ctx))(address);
  const at = ctx.clock.now();
  await record(
    ctx.db,
    {
      ...auditActor(ctx.actor),
      // The trail is kept when the person is erased: it tells that somebody was exported, and the address to nobody.
      ...{ at, action: 'export', type: 'persons', label: `Person ${hash.slice(0, 8)}` },
      requestId: ctx.requestId,
    },
    { status: 'succeeded' },
  );
  return {
    fileName: `person-${new Date(at).toISOString().slice(0, 10)}.zip`,
    content: zipped(entriesOf(ctx, address, hash), new Date(at)),
  };
}

async function* entriesOf(ctx: Ctx, address: string, hash: string): AsyncGenerator<ZipEntry> {
  const person = await findPerson(ctx, address);
  const redactor = redactorOf(person, pseudonymOf(hash));
  const exportedAt = new Date(ctx.clock.now()).toISOString();
  yield { name: 'person.json', parts: json({ address, exportedAt, testers: person.testers }) };
  for (const { kind, find } of HOLDINGS) {
    const rows = await find(ctx, person, redactor);
    if (rows.length > 0) yield { name: `data/${kind}.json`, parts: json(rows.map(({ data }) => data)) };
  }
  const own = new Set(person.reports.map(({ accountId, id }) => `${accountId} ${id}`));
  const lines: object[] = [];
  for await (const { accountId, feedbackId, text } of logsAbout(ctx, redactor.holdsAddress)) {
    if (own.has(`${accountId} ${feedbackId}`)) continue;
    const about = text.split('\n').filter((line) => redactor.holdsAddress(line));
    lines.push({ accountId, feedbackId, lines: about });
  }
  if (lines.length > 0) yield { name: 'data/logsOfOthers.json', parts: json(lines) };
  if (person.reports.length > 0)
    yield* exportEntries(
      ctx,
      person.reports.map(({ accountId, id }) => [accountId, id] as const),
    );
}

async function* json(value: unknown): AsyncGenerator<string> {
  yield `${JSON.stringify(value, null, 2)}\n`;
}
