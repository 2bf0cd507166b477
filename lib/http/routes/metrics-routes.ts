import { appCourse } from '@/lib/services/metrics/app-course';
import { readMetrics } from '@/lib/services/metrics/metrics';
import { readRetention } from '@/lib/services/metrics/retention';
import { metricsFile } from '@/lib/services/metrics/sheet';
import { endpoint } from '../core/endpoint';
import { textStream } from '../core/text-stream';

const askedBy = (query: URLSearchParams, account: string | undefined) => ({
  ...{ appId: query.get('app') ?? undefined, accountId: account, parameters: query },
});

/** How an app, or the whole programme, fares day by day. */
export const readProgrammeMetrics = endpoint({
  name: 'programme/metrics',
  permission: 'programme:read',
  run: async ({ ctx, query, account }) => ({
    body: { data: await readMetrics(ctx, askedBy(query, account)) },
  }),
});

/** How testers stay, by the week in which they came. */
export const readProgrammeRetention = endpoint({
  name: 'programme/metrics/retention',
  permission: 'programme:read',
  run: async ({ ctx, query, account }) => ({
    body: { data: await readRetention(ctx, askedBy(query, account)) },
  }),
});

/** Which builds an app's devices had day by day. */
export const readProgrammeCourse = endpoint({
  name: 'programme/metrics/adoption',
  permission: 'programme:read',
  run: async ({ ctx, query, account }) => ({
    body: { data: await appCourse(ctx, askedBy(query, account)) },
  }),
});

/** The table beside a chart as a file. */
export const readMetricsFile = endpoint({
  name: 'programme/metrics/file',
  permission: 'programme:read',
  async run({ ctx, query, account }) {
    const { name, parts } = await metricsFile(ctx, askedBy(query, account));
    return textStream(parts, { type: 'text/csv; charset=utf-8', fileName: name });
  },
});
