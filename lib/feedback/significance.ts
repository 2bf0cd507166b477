/** How often something holds among some and among the others. */
export interface Counted {
  readonly some: number;
  readonly ofSome: number;
  readonly others: number;
  readonly ofOthers: number;
}

/**
 * Fisher's exact test, one-sided: how likely it is that something holds among some at least as often as it does, if it
 * had nothing to do with them. https://en.wikipedia.org/wiki/Fisher%27s_exact_test
 */
export function chanceOf({ some, ofSome, others, ofOthers }: Counted): number {
  const all = ofSome + ofOthers;
  const holds = some + others;
  let chance = 0;
  for (let hits = some; hits <= Math.min(ofSome, holds); hits += 1) {
    if (holds - hits > ofOthers) continue;
    chance += Math.exp(choose(ofSome, hits) + choose(ofOthers, holds - hits) - choose(all, holds));
  }
  return Math.min(1, chance);
}

/** The logarithm of a binomial coefficient. */
function choose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const factorials = [0];
function logFactorial(n: number): number {
  for (let next = factorials.length; next <= n; next += 1) {
    factorials.push((factorials[next - 1] ?? 0) + Math.log(next));
  }
  return factorials[n] ?? 0;
}

/** Chances below this, over all that was compared, are told. */
export const LEVEL = 0.01;
/** Fewer reports than this say nothing. */
const FEWEST = 3;

/**
 * Of what was compared, that which holds so much more often among some that chance is no explanation: with as many
 * comparisons as were made, one in a hundred such lists would hold anything (Bonferroni). The clearest first.
 */
export function significant<Fact extends Counted>(facts: readonly Fact[]): (Fact & { chance: number })[] {
  return facts
    .map((fact) => ({ ...fact, chance: chanceOf(fact) * facts.length }))
    .filter(({ some, ofSome, others, ofOthers, chance }) => {
      if (some < FEWEST || ofOthers === 0) return false;
      return some / ofSome > others / ofOthers && chance < LEVEL;
    })
    .sort((a, b) => a.chance - b.chance);
}
