import { expect, it } from 'vitest';
import { BUILD_FIGURES } from '@/lib/history/build-days';
import { pointWindows, TesterWindows } from '@/lib/sync/windows';

const point = (start: string, end: string, values: object) => ({ start, end, values });
const of = (id: unknown, ...dataPoints: ReturnType<typeof point>[]) => ({
  dataPoints,
  dimensions: { betaTesters: { data: id } },
});
const use = (sessionCount: number, crashCount = 0) => ({ sessionCount, crashCount, feedbackCount: 0 });
const ASKED = { day: '2026-03-08', days: 7 };

it('adds up what testers did in a window, as the window that Apple says it is', () => {
  const windows = new TesterWindows();
  windows.add([of('a', point('2026-03-01', '2026-03-08', use(3, 1)))]);
  // Of one who did nothing but crash no session is known.
  windows.add([
    of({ type: 'betaTesters', id: 'b' }, point('2026-03-01T00:00:00Z', '2026-03-08T00:00:00Z', use(2))),
    of('c', point('2026-03-01', '2026-03-08', use(0, 1))),
  ]);
  expect(windows.of('app', ASKED)).toEqual([
    {
      ...{ metric: 'betaTesterUsages', type: 'apps', id: 'app', start: '2026-03-01', end: '2026-03-08' },
      ...{ activeTesters: 2, sessionCount: 5, crashCount: 2, feedbackCount: 0 },
    },
  ]);
});

it('takes each stretch where there are several, and counts nobody twice in the whole', () => {
  const windows = new TesterWindows();
  windows.add([
    of('a', point('2026-03-06', '2026-03-07', use(1)), point('2026-03-07', '2026-03-08', use(4))),
    of('b', point('2026-03-07', '2026-03-08', use(2))),
  ]);
  expect(
    windows
      .of('app', ASKED)
      .map(({ start, end, activeTesters, sessionCount }) => [...[start, end, activeTesters, sessionCount]]),
  ).toEqual([
    ['2026-03-06', '2026-03-08', 2, 7],
    ['2026-03-06', '2026-03-07', 1, 1],
    ['2026-03-07', '2026-03-08', 2, 6],
  ]);
});

it('is a window of zeros where nobody did anything', () => {
  expect(new TesterWindows().of('app', ASKED)).toMatchObject([
    { start: '2026-03-01', end: '2026-03-08', activeTesters: 0, sessionCount: 0 },
  ]);
});

it('keeps the stretches of a build only where Apple tells more than one', () => {
  const build = { metric: 'betaBuildUsages', type: 'builds', id: 'b' } as const;
  const one = [{ dataPoints: [point('2025-12-08', '2026-03-08', { installCount: 9 })] }];
  expect(pointWindows(build, one, BUILD_FIGURES)).toEqual([]);
  const two = [
    {
      dataPoints: [
        point('2026-03-06', '2026-03-07', { installCount: 2, sessionCount: 5 }),
        point('2026-03-07', '2026-03-08', { installCount: 1 }),
        { start: null, end: 'soon', values: { installCount: 7 } },
      ],
    },
  ];
  expect(pointWindows(build, two, BUILD_FIGURES)).toMatchObject([
    { ...build, start: '2026-03-06', end: '2026-03-07', installCount: 2, sessionCount: 5, crashCount: null },
    { ...build, start: '2026-03-07', end: '2026-03-08', installCount: 1, sessionCount: null },
  ]);
});
