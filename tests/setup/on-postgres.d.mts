/** The files of a folder of tests that run on PostgreSQL. */
export function filesOnPostgres(folder: string): string[];
