import { describe, expect, it } from 'vitest';
import { waitWords } from '@/lib/format/reviews';
import { usualReview } from '@/lib/mirror/query/usual-review';

const HOUR = 3_600_000;
/** A review of so many hours, its end seen within ten minutes. */
const review = (hours: number, submitted = 0) => ({
  submitted,
  since: submitted + hours * HOUR - 300_000,
  at: submitted + hours * HOUR + 300_000,
});

describe('what is usual of reviews', () => {
  it('is their median, however many there are', () => {
    expect(usualReview([review(4), review(1), review(30)])).toEqual({ count: 3, medianMs: 4 * HOUR });
    expect(usualReview([review(4), review(1), review(30), review(6)])).toEqual({
      count: 4,
      medianMs: 5 * HOUR,
    });
  });

  it('is not said of fewer than three', () => {
    expect(usualReview([])).toEqual({ count: 0, medianMs: null });
    expect(usualReview([review(4), review(5)])).toEqual({ count: 2, medianMs: null });
  });

  it('leaves out an end that is known only roughly, or that was seen before its submission', () => {
    const night = { submitted: 0, since: 2 * HOUR, at: 12 * HOUR };
    const astray = { submitted: 9 * HOUR, since: HOUR, at: 2 * HOUR };
    expect(usualReview([night, astray, review(1), review(2)]).count).toBe(2);
    // Submitted and decided between the same two readings: the end lies between submission and the later one.
    const quick = { submitted: 2 * HOUR, since: 0, at: 4 * HOUR };
    expect(usualReview([quick, quick, quick]).medianMs).toBe(HOUR);
  });

  it('is of the twenty newest alone', () => {
    const old = Array.from({ length: 30 }, () => review(100));
    expect(usualReview([...Array.from({ length: 20 }, () => review(2)), ...old])).toEqual({
      ...{ count: 20, medianMs: 2 * HOUR },
    });
  });
});

describe('a wait in words', () => {
  const submitted = new Date(0).toISOString();
  const usual = { count: 12, medianMs: 4 * HOUR };
  it('is measured by what is usual', () => {
    expect(waitWords(submitted, usual, 8 * HOUR)).toEqual({
      words: 'Usually 4 h, by 12 reviews',
      isLong: false,
    });
    expect(waitWords(submitted, usual, 8 * HOUR + 1).isLong).toBe(true);
    expect(waitWords(null, usual, 80 * HOUR).isLong).toBe(false);
  });

  it('says that there is too little to compare with, and never that it is long then', () => {
    const few = waitWords(submitted, { count: 2, medianMs: null }, 1_000 * HOUR);
    expect(few).toEqual({ words: 'Too few to compare with (2)', isLong: false });
    expect(waitWords(submitted, undefined, 0).words).toBe('None to compare with');
  });
});
