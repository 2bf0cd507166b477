import { shape } from '@/lib/store/shape';

/**
 * What became of a build, newest first: a change of one of Apple's states (`kind`, verbatim), which was last read as
 * before at `since` and first as after at `at`, ms since 1970. Each is noted by the database itself, whoever wrote it,
 * and is a record: no sync takes it away.
 */
export const buildEvents = shape(
  (build, { accountId, buildId, most }: { accountId: string; buildId: string; most: number }) =>
    build
      .selectFrom('buildEvents')
      .select(['id', 'kind', 'before', 'after', 'since', 'at'])
      .where('accountId', '=', accountId)
      .where('buildId', '=', buildId)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(most),
);
