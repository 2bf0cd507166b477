import { describe, expect, it } from 'vitest';
import { isHere } from '@/components/shell/nav';

describe('the place that is marked as where one is', () => {
  it.each([
    ['/apps/1', '/apps/1'],
    ['/apps/1/groups/2', '/apps/1/groups'],
    ['/apps/1/issues', '/apps/1/feedback'],
    ['/apps/1/symbols', '/apps/1/feedback'],
    ['/issues', '/feedback'],
    ['/settings/rules', '/settings'],
  ])('on %s it is %s', (pathname, path) => expect(isHere(pathname, path)).toBe(true));

  it.each([
    ['/apps/1/issues', '/feedback'],
    ['/apps/1/groups', '/apps/1'],
    ['/groups', '/'],
    ['/apps/1/symbolswood', '/apps/1/feedback'],
  ])('on %s it is not %s', (pathname, path) => expect(isHere(pathname, path)).toBe(false));
});
