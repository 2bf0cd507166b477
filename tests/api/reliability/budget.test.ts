import { it } from 'vitest';
import { importWithinBudget } from '@/tests/factories/budgeted-import';

it(
  'R5: a job larger than the hour’s quota keeps to it, tells its end, and leaves people room',
  {
    timeout: 300_000,
  },
  () => importWithinBudget({ rows: 900, hourLimit: 700, minuteLimit: 50 }),
);
