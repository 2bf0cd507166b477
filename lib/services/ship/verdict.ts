import type { WriteCall } from '@/lib/asc/operations';
import type { ItemEntry } from '../job-steps/send-item';

/** What is to be done about a step, by what App Store Connect says at this moment. */
export type Verdict =
  /** It is so already. */
  | { readonly is: 'so'; readonly words: string }
  /** What was waited for is there. */
  | { readonly is: 'there'; readonly words: string }
  | { readonly is: 'send'; readonly call: WriteCall; readonly entry: ItemEntry }
  | { readonly is: 'wait'; readonly reason: string }
  | { readonly is: 'failed'; readonly code: string; readonly words: string };

/** That nothing can be done any more. */
export type Stop = Extract<Verdict, { is: 'failed' }>;

export const failed = (code: string, words: string): Stop => ({
  is: 'failed',
  code: `FLIGHTDECK.${code}`,
  words,
});
export const so = (words: string): Verdict => ({ is: 'so', words });
export const wait = (reason: string): Verdict => ({ is: 'wait', reason });
