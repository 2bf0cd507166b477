import { expect, it } from 'vitest';
import {
  choicesFor,
  chosenBy,
  filledChoices,
  momentWords,
  orderOf,
  type ShipChoices,
  templateOf,
  weeklyMoment,
} from '@/components/builds/ship-choices';
import { templateWords } from '@/components/builds/template-words';
import { isDryRun } from '@/components/jobs/job-words';
import type { ShipTemplateView } from '@/lib/browser/ship-templates';
import type { BuildResource } from '@/lib/browser/types';

it('says a chosen moment with its weekday and zone, and the zone before anything is chosen', () => {
  expect(momentWords('2026-12-01T09:00', 'Europe/Berlin')).toMatch(
    /^Tuesday,? 1 December 2026 at 09:00, Europe\/Berlin\./,
  );
  expect(momentWords('', 'Europe/Berlin')).toMatch(/Europe\/Berlin/);
});

it('tells a dry run by what the job says of itself', () => {
  expect(isDryRun({ params: { isDryRun: true } })).toBe(true);
  expect(isDryRun({ params: { buildId: 'b1' } })).toBe(false);
  expect(isDryRun({ params: null })).toBe(false);
});

const BUILD: BuildResource = { type: 'builds', id: 'b1', attributes: { usesNonExemptEncryption: null } };
const WEEKLY = { day: 'Tuesday', time: '09:00', zone: 'Europe/Berlin' };
const made = (more: Partial<ShipChoices>): ShipChoices => ({ ...choicesFor(BUILD), ...more });
const inputOf = (chosen: ShipChoices, held: Record<string, string> = {}) =>
  orderOf(BUILD, 'a1', chosen, held)?.input ?? null;

it('says when a day of the week comes next, in its own zone, from the time at hand', () => {
  expect(weeklyMoment(WEEKLY, Date.parse('2026-11-30T00:00:00Z'))).toMatch(
    /^Tuesday,? 1 December 2026 at 09:00$/,
  );
  expect(weeklyMoment(WEEKLY, Date.parse('2026-12-01T08:00:00Z'))).toMatch(/8 December/);
  expect(weeklyMoment({ ...WEEKLY, time: '' }, 0)).toBeNull();
});

it('orders what is chosen, and nothing while something of it is missing or would be refused', () => {
  expect(inputOf(made({ telling: 'weekly', weekly: WEEKLY }))?.notify).toBe('Tuesday 09:00 Europe/Berlin');
  expect(inputOf(made({ telling: 'time' }))).toBeNull();
  expect(inputOf(made({ compliance: 'declared' }))).toBeNull();
  expect(inputOf(made({ compliance: 'declared', declarationId: 'd1' }))?.compliance).toEqual({
    declarationId: 'd1',
  });
  const notes = { 'en-US': 'Try the map.', 'de-DE': ' ', 'fr-FR': 'Déjà là' };
  expect(inputOf(made({ notes }), { 'fr-FR': 'Déjà là' })?.notes).toEqual({ 'en-US': 'Try the map.' });
  expect(inputOf(made({ notes: { 'en-US': 'Fixed <b>' } }))).toBeNull();
});

it('says in the texts what stands in braces, and leaves what stands for nothing', () => {
  const chosen = made({ notes: { 'en-US': 'Version {Version} ({build}) of {place}' }, noteTemplate: 't1' });
  const filled = filledChoices(chosen, { version: '2.0', build: '7', previous: null, at: 0 });
  expect(inputOf(filled)?.notes).toEqual({ 'en-US': 'Version 2.0 (7) of {place}' });
  expect(filled).toMatchObject({ noteTemplate: 't1', groups: chosen.groups });
});

it('keeps choices as a template and takes them over again, without what is gone', () => {
  const chosen = made({
    ...{ groups: ['g1', 'g2'], telling: 'weekly', weekly: WEEKLY, compliance: 'exempt' },
    notes: { 'en-US': 'New in {version}' },
  });
  const choices = templateOf(chosen, { of: 'form' });
  expect(choices).toMatchObject({ groups: ['g1', 'g2'], notify: 'Tuesday 09:00 Europe/Berlin' });
  if (!choices) throw new Error('it is whole');
  const groups = [
    { id: 'g1', name: 'Beta', isGone: false },
    { id: 'g2', name: 'Old friends', isGone: true },
  ];
  const view: ShipTemplateView = { id: 't1', name: 'Weekly', version: 1, choices, groups };
  expect(made(chosenBy(view, { 'en-US': 'New in 1.4' }))).toEqual({
    ...chosen,
    groups: ['g1'],
    notes: { 'en-US': 'New in 1.4' },
  });
  const { said, missing } = templateWords({ ...view, choices: { ...choices, noteTemplate: 'gone' } }, []);
  expect(said).toMatch(/Beta.*What to Test in 1 language.*submitted.*told Tuesday 09:00 Europe\/Berlin/);
  expect(missing).toEqual([expect.stringMatching(/Old friends/), expect.stringMatching(/What to Test/)]);
  const then = { groups: ['g2'], crashFree: '99,5', hours: '24', sessions: '200', mail: 'nobody' } as const;
  const staged = templateOf({ ...chosen, groups: ['g1'], staged: then }, { of: 'none' });
  expect(staged?.staged).toEqual({ ...then, crashFree: 99.5, hours: 24, sessions: 200 });
  if (!staged) throw new Error('it is whole');
  // The groups of one stage are none of the other's.
  expect(chosenBy({ ...view, choices: staged }, null)).toMatchObject({
    groups: ['g1'],
    staged: { ...then, groups: [], crashFree: '99.5' },
  });
  expect(templateWords({ ...view, choices: staged }, []).said).toMatch(
    /^To “\u2068?Beta\u2069?” .*then to no group at 99\.5% crash-free for 24 hours$/,
  );
  for (const wrong of [{ groups: [] }, { crashFree: '101' }, { hours: '1.5' }, { sessions: '' }])
    expect(inputOf(made({ staged: { ...then, ...wrong } }))).toBeNull();
  // A moment that has been is chosen anew.
  const once = { ...view, choices: { notify: '2020-01-01T09:00:00.000Z' } };
  expect(made(chosenBy(once, null))).toMatchObject({ telling: 'time', at: '' });
});
