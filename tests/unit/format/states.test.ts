import { describe, expect, it } from 'vitest';
import * as values from '@/lib/asc/catalogue/values';
import { label, valueLabel } from '@/lib/format/labels';
import { criteriaSentence } from '@/lib/format/recruitment';
import { isKnownState } from '@/lib/format/state-tones';

const STATES = Object.entries(values).filter(([name]) => /STATE$|STATUS$/.test(name));

describe("every state of Apple's", () => {
  it.each(STATES.flatMap(([name, all]) => [...all].map((state) => [name, state] as const)))(
    '%s %s has a label and a tone',
    (_, state) => {
      expect(label(state)).toMatch(/[a-z]/);
      expect(isKnownState(state)).toBe(true);
    },
  );

  it('added since is taken apart, and what people wrote stays as it is', () => {
    expect(label('ON_HOLD_BY_APPLE')).toBe('On hold by apple');
    expect(label('2.10_BETA')).toBe('2.10_BETA');
    expect(valueLabel('QA_TEAM')).toBe('QA_TEAM');
  });
});

it('criteria without bounds say that any version will do, and a new family in words', () => {
  expect(criteriaSentence([{ deviceFamily: 'IPHONE' }])).toBe('iPhone on any iOS version');
  expect(criteriaSentence([{ deviceFamily: 'CAR_DISPLAY' }])).toBe('Car display on any version');
});
