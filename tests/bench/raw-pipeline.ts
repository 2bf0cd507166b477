import type { AscFetch } from '@/lib/asc/transport/types';
import { openDatabase } from '@/lib/store/database';
import { askable } from '@/tests/factories/database';
import type { Engine } from './engine';
import type { SandboxFacts } from './processes';
import { freshDatabase, sync } from './store';

/** The first address of every list a sync reads, with the headers it sent. */
export interface RecordedLists {
  readonly addresses: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

interface Page {
  data: { id: string; type: string; attributes?: unknown }[];
  links?: { next?: string };
}

/** Syncs once and notes what was asked. */
export async function recordLists(sandbox: SandboxFacts, engine: Engine): Promise<RecordedLists> {
  const addresses: string[] = [];
  let headers: Record<string, string> = {};
  const db = await freshDatabase(engine);
  await sync(db, sandbox, 'full', (url, init) => {
    if (!String(url).includes('cursor=')) addresses.push(String(url));
    headers = init.headers;
    return globalThis.fetch(url, init) as ReturnType<AscFetch>;
  });
  await db.close();
  return { addresses, headers };
}

/**
 * The least a program can do to keep the same pages: fetch, parse, and one prepared insert per page of a plain table,
 * six lists at a time. Gives rows and milliseconds.
 */
export async function rawPipeline({ addresses, headers }: RecordedLists, engine: Engine, cursors = 6) {
  const db = askable(await openDatabase({ url: await engine.newDatabase(), migrationsDir: null }));
  await db.write([
    { sql: 'CREATE TABLE rows (type TEXT, id TEXT, document TEXT, PRIMARY KEY (type, id))', params: [] },
  ]);
  const waiting = [...addresses];
  let rows = 0;
  const from = performance.now();
  const cursor = async () => {
    for (let first = waiting.shift(); first; first = waiting.shift()) {
      for (let url: string | undefined = first; url; ) {
        const response = await fetch(url, { headers });
        const page = JSON.parse(await response.text()) as Page;
        const { data } = page;
        if (data.length > 0) {
          await db.write([
            {
              sql: `INSERT INTO rows VALUES ${data.map(() => '(?, ?, ?)').join(', ')} ON CONFLICT (type, id) DO UPDATE SET document = excluded.document`,
              params: data.flatMap((row) => [row.type, row.id, JSON.stringify(row.attributes ?? {})]),
            },
          ]);
        }
        rows += data.length;
        url = page.links?.next;
      }
    }
  };
  await Promise.all(Array.from({ length: cursors }, cursor));
  const ms = performance.now() - from;
  await db.close();
  return { rows, ms };
}
