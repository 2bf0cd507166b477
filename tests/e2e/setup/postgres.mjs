import { startPostgres } from '../../../scripts/lib/postgres.mjs';

/** One PostgreSQL for the whole run; each installation on it has a database of its own. */
export default async function setup() {
  const server = await startPostgres();
  process.env.E2E_POSTGRES_URL = server.url;
  return server.stop;
}
