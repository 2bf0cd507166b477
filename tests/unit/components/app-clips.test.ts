import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clipsOf, type Invocation, isForeign, isSameInvocation } from '@/components/app-clips/clips';
import {
  type ClipForm,
  changesOf,
  formOf,
  problemsOf,
  readClipForm,
  refusedAt,
  withSaved,
  withTheirs,
} from '@/components/app-clips/form';
import { ApiError } from '@/lib/browser/api';
import { domainTrouble } from '@/lib/format/app-clip-domains';

const BEFORE: Invocation = {
  ...{ id: 'i', url: 'https://a.example.com' },
  titles: [
    { id: 't1', locale: 'en-US', title: 'Menu' },
    { id: 't2', locale: 'de-DE', title: 'Karte' },
  ],
};

describe('the changes of an address', () => {
  it('are only what differs, and one title is there at any moment', () => {
    expect(changesOf(formOf(BEFORE, 'en-US'))).toEqual([]);
    const titles = [{ locale: 'ja', title: '店' }];
    const title = { kind: 'no-title', invocationId: 'i' };
    expect(changesOf({ url: ' https://b.example.com ', titles, base: BEFORE })).toEqual([
      { kind: 'url', id: 'i', url: 'https://b.example.com', expect: 'https://a.example.com' },
      { kind: 'new-title', invocationId: 'i', locale: 'ja', title: '店' },
      { ...title, id: 't1', locale: 'en-US', expect: 'Menu' },
      { ...title, id: 't2', locale: 'de-DE', expect: 'Karte' },
    ]);
  });

  it('are against the address as the form was filled with it, and what is saved is not sent again', () => {
    const form: ClipForm = { ...formOf(BEFORE, 'en-US'), url: 'https://b.example.com' };
    const wanted = { ...form, titles: [...form.titles, { locale: 'ja', title: '店' }] };
    const [url, title] = changesOf(wanted);
    if (!url || !title) throw new Error('two parts are changed');
    const later = withSaved(wanted, url, 'i');
    expect(changesOf(later)).toEqual([title]);
    const done = withSaved(later, title, 't3');
    expect(changesOf(done)).toEqual([]);
    expect(changesOf({ ...done, titles: form.titles })).toMatchObject([
      { kind: 'no-title', id: 't3', expect: '店' },
    ]);
  });

  it('go on from what somebody else has made of the same part, which is told, and from nothing else', () => {
    const form: ClipForm = {
      ...{ url: 'https://b.example.com', base: BEFORE },
      titles: [
        { locale: 'en-US', title: 'Our menu' },
        { locale: 'ja', title: '店' },
      ],
    };
    const [url, changed, made, gone] = changesOf(form);
    if (!url || !changed || !made || !gone) throw new Error('four parts are changed');
    for (const one of [url, changed, made, gone]) expect(withTheirs(form, one, BEFORE)).toBeNull();
    const theirs = {
      ...{ id: 'i', url: 'https://c.example.com' },
      titles: [
        { id: 't1', locale: 'en-US', title: 'Dishes' },
        { id: 't2', locale: 'de-DE', title: 'Speisen' },
        { id: 't9', locale: 'ja', title: '地図' },
      ],
    };
    expect(withTheirs(form, url, theirs)).toMatchObject({ words: expect.stringContaining('https://c') });
    expect(withTheirs(form, changed, theirs)?.words).toContain('Dishes');
    const over = withTheirs(form, made, theirs);
    expect(over?.words).toContain('地図');
    expect(changesOf(over?.form ?? form)).toContainEqual(
      expect.objectContaining({ kind: 'title', id: 't9', expect: '地図', title: '店' }),
    );
    const kept = withTheirs(form, gone, theirs);
    expect(kept?.form.titles).toContainEqual({ locale: 'de-DE', title: 'Speisen' });
    expect(kept?.words).toContain('kept');
    const none = { ...theirs, titles: [] };
    expect(withTheirs(form, gone, none)).toMatchObject({ words: null });
    expect(withTheirs(form, changed, none)?.words).toContain('removed');
    expect(changesOf(withTheirs(form, changed, none)?.form ?? form)).toContainEqual(
      expect.objectContaining({ kind: 'new-title', locale: 'en-US' }),
    );
    const same = { ...theirs, url: 'https://b.example.com' };
    expect(withTheirs(form, url, same)).toMatchObject({ words: null, form: { base: { url: same.url } } });
  });

  it('are named at their fields before anything is sent', () => {
    expect(problemsOf(BEFORE)).toEqual({});
    expect(Object.keys(problemsOf({ url: 'menu', titles: [] }))).toEqual(['url', 'titles']);
    expect(Object.keys(problemsOf({ url: 'https://a.b', titles: [{ locale: 'ja', title: ' ' }] }))).toEqual([
      'ja',
    ]);
  });

  it('that Apple refuses are told at the title it points at', () => {
    const refusal = (pointer: string) =>
      new ApiError(409, [{ detail: 'Too long', source: { pointer }, meta: { apple: true } }]);
    const second = refusal('/included/1/attributes/title');
    expect([0, 1].map((index) => refusedAt(second, 'title', index))).toEqual([
      undefined,
      'App Store Connect says: Too long',
    ]);
    expect(refusedAt(refusal('/data/attributes/url'), 'url', -1)).toBe('App Store Connect says: Too long');
    expect(refusedAt(refusal('/data/attributes/title'), 'title', 0)).toBeDefined();
    expect(refusedAt(new Error('no'), 'url', -1)).toBeUndefined();
  });
});

it('two addresses are the same whatever the order of their titles and their ids', () => {
  const titles = BEFORE.titles.map((one) => ({ ...one, id: `other ${one.id}` })).toReversed();
  expect(isSameInvocation(BEFORE, { ...BEFORE, id: 'j', titles })).toBe(true);
  expect(isSameInvocation(BEFORE, { ...BEFORE, titles: titles.slice(1) })).toBe(false);
});

it('a domain is foreign unless Apple checks it, and never while none is known', () => {
  const known = ['a.example.com', '*.example.org'];
  expect(isForeign('https://A.example.com/x', known)).toBe(false);
  expect(isForeign('https://shop.example.org', known)).toBe(false);
  expect(isForeign('https://b.example.com', known)).toBe(true);
  expect(isForeign('https://b.example.com', [])).toBe(false);
});

it('only bundles of App Clips are listed, each by its build', () => {
  const link = (type: string, ...ids: string[]) => ({ data: ids.map((id) => ({ type, id })) });
  const page = {
    data: [
      {
        ...{ type: 'builds', id: 'b', attributes: { version: '7', uploadedDate: '2026-11-01T00:00:00Z' } },
        relationships: {
          buildBundles: link('buildBundles', 'app', 'clip'),
          preReleaseVersion: { data: { type: 'preReleaseVersions', id: 'v' } },
        },
      },
    ],
    included: [
      { type: 'buildBundles', id: 'app', attributes: { bundleType: 'APP' } },
      { type: 'buildBundles', id: 'clip', attributes: { bundleType: 'APP_CLIP', bundleId: 'org.kelp.Clip' } },
      { type: 'preReleaseVersions', id: 'v', attributes: { version: '1.4', platform: 'IOS' } },
    ],
  };
  expect(clipsOf([page])).toEqual([
    {
      ...{ buildId: 'b', build: 'iOS 1.4 (7)', uploadedDate: '2026-11-01T00:00:00Z' },
      ...{ bundleId: 'clip', identifier: 'org.kelp.Clip' },
    },
  ]);
});

describe('the trouble of a domain', () => {
  it('is told for each of Apple’s codes in words of its own, with what to do', () => {
    const spec = JSON.parse(readFileSync('lib/sandbox/spec/asc-testflight.json', 'utf8'));
    const { items } = spec.schemas.AppClipDomainStatus.properties.attributes.properties.domains;
    const codes: string[] = items.properties.errorCode.enum;
    expect(codes).toHaveLength(18);
    const unknown = domainTrouble('NEW_AT_APPLE', 'a.example.com');
    for (const code of codes) {
      const told = domainTrouble(code, 'a.example.com');
      expect([code, told.what]).not.toEqual([code, unknown.what]);
      expect(`${told.what} ${told.todo}`).not.toMatch(/DOMAIN|[A-Z]{3,}_/);
    }
    expect(new Set(codes.map((code) => domainTrouble(code, '').what)).size).toBe(18);
  });
});

describe('a form that was kept', () => {
  it('comes back as it was, and not at all when it is no such form', () => {
    const form = { url: 'https://a.example.com', titles: [{ locale: 'en-US', title: '' }], base: null };
    for (const one of [form, { ...form, base: BEFORE }])
      expect(readClipForm(JSON.parse(JSON.stringify(one)))).toEqual(one);
    for (const other of [null, 'x', {}, { ...form, titles: [] }, { ...form, url: 1 }])
      expect(readClipForm(other)).toBeNull();
    expect(readClipForm({ ...form, titles: [...form.titles, { locale: 'de-DE' }] })).toBeNull();
    for (const base of [undefined, {}, { id: 'i', url: 'x', titles: [{ locale: 'ja', title: 'x' }] }])
      expect(readClipForm({ ...form, base })).toBeNull();
  });
});
