import { startPostgres } from '../../scripts/lib/postgres.mjs';

/** One PostgreSQL for the whole run; each test makes databases of its own in it. */
export default async function setup(project) {
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return server.stop;
}
