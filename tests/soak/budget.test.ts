import { it } from 'vitest';
import { importWithinBudget } from '@/tests/factories/budgeted-import';

it('R5: 6,000 rows at 3,500 an hour and 250 a minute', () =>
  importWithinBudget({ rows: 6000, hourLimit: 3500, minuteLimit: 250 }));
