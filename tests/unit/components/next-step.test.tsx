import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { NextStep, nextStepOf } from '@/components/builds/next-step';
import type { BuildResource } from '@/lib/browser/types';

const build = (
  meta: BuildResource['meta'],
  attributes: NonNullable<BuildResource['attributes']> = {},
): BuildResource => ({ type: 'builds', id: 'b', attributes, ...(meta ? { meta } : {}) });

const step = (meta: BuildResource['meta'], attributes?: NonNullable<BuildResource['attributes']>) =>
  nextStepOf(build(meta, attributes), '123')?.words ?? null;

describe('the next step of a build', () => {
  it('is told for everything rejected, held up or past', () => {
    expect(step({ externalBuildState: 'BETA_REJECTED' })).toContain('Read why in App Store Connect');
    expect(step({ betaReviewState: 'REJECTED' })).toContain('resubmit');
    expect(step({ externalBuildState: 'MISSING_EXPORT_COMPLIANCE' })).toContain('Answer export compliance');
    expect(step({ internalBuildState: 'PROCESSING_EXCEPTION' })).toContain('Upload the build again');
    expect(step({}, { processingState: 'INVALID' })).toContain('Upload the build again');
    expect(step({ externalBuildState: 'EXPIRED' })).toContain('Upload a new build');
    expect(step({ externalBuildState: 'BETA_REJECTED' }, { expired: true })).toContain('expired');
  });

  it('is nothing while the build gets on by itself', () => {
    expect(step({ externalBuildState: 'IN_BETA_TESTING' }, { processingState: 'VALID' })).toBeNull();
    expect(step({ externalBuildState: 'A_STATE_OF_TOMORROW' })).toBeNull();
    expect(step(undefined)).toBeNull();
  });

  it('leads to the platform of the build and says that a tab opens', () => {
    const rejected = build({ externalBuildState: 'BETA_REJECTED', platform: 'VISION_OS' });
    const html = renderToStaticMarkup(<NextStep build={rejected} appId="123" />);
    expect(html).toContain('https://appstoreconnect.apple.com/apps/123/testflight/visionos"');
    expect(html).toContain('(opens a new tab)');
    expect(nextStepOf(build({ externalBuildState: 'EXPIRED' }), '1')?.href).toMatch(/\/1\/testflight$/);
  });
});
