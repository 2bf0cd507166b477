import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Cohorts } from '@/components/metrics/retention-section';

const before = { joined: 20, active: [{ week: '2026-11-23', active: 9 }] };
const shown = (cohorts: readonly unknown[]) =>
  renderToStaticMarkup(
    <Cohorts retention={{ cohorts, before } as unknown as Parameters<typeof Cohorts>[0]['retention']} />,
  );

it('heads no table of weeks in which nobody came', () => {
  expect(shown([])).toContain('Nobody was seen to come yet.');
  expect(shown([])).not.toContain('Came in the week of');
  const some = shown([{ week: '2026-11-23', joined: 4, active: [2] }]);
  expect(some).toContain('Came in the week of');
  expect(some).not.toContain('Nobody was seen');
});
