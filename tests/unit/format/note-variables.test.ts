import { describe, expect, it } from 'vitest';
import { filledNote, unknownVariables } from '@/lib/format/note-variables';

const VALUES = { version: '1.4', build: '42', previous: '1.3 (41)', at: Date.parse('2026-11-29T12:00:00Z') };
const filled = (text: string, locale = 'en-US', values: Parameters<typeof filledNote>[1] = VALUES) =>
  filledNote(text, values, locale);

describe('the variables of a text', () => {
  it('become what they stand for, however they are written', () => {
    expect(filled('{version} ({build}) follows { Previous }.')).toEqual({
      ...{ text: '1.4 (42) follows 1.3 (41).', open: [] },
    });
  });

  it('write the day as the language does', () => {
    expect(filled('{date}').text).toBe('November 29, 2026');
    expect(filled('{date}', 'de-DE').text).toBe('29. November 2026');
    expect(filled('{date}', 'no such locale').text).toBe('2026-11-29');
  });

  it('stay as they are written and are named where nothing is known', () => {
    expect(filled('{versoin}, {previous} {}', 'en-US', { ...VALUES, previous: null })).toEqual({
      ...{ text: '{versoin}, {previous} {}', open: ['{versoin}', '{previous}'] },
    });
    expect(unknownVariables('{versoin} {build} {Versoin} {versoin}')).toEqual(['{versoin}', '{Versoin}']);
  });

  it('are no names of what every object has, and fill nothing into what they became', () => {
    expect(unknownVariables('{constructor} {toString}')).toEqual(['{constructor}', '{toString}']);
    expect(filled('{version}', 'en-US', { ...VALUES, version: '{build}' }).text).toBe('{build}');
  });
});
