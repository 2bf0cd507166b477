import { describe, expect, test } from 'vitest';
import { createProgramme } from '@/lib/sandbox/programme';

interface Frame {
  imageIndex: number;
  imageOffset: number;
  symbol?: string;
}
interface Body {
  exception: { type: string; signal: string };
  termination: { namespace: string; code: number };
  faultingThread: number;
  threads: { triggered?: boolean; frames: Frame[] }[];
  usedImages: { base: number; name: string; uuid: string; arch: string; source: string }[];
  lastExceptionBacktrace?: Frame[];
  asi?: Record<string, string[]>;
}

const programme = createProgramme({
  size: 'medium',
  seed: 4,
  epochMs: Date.parse('2026-03-04T05:06:07.000Z'),
});
const appIds = programme
  .team()
  .filter(({ type }) => type === 'apps')
  .map(({ id }) => id);
const crashes = appIds.flatMap((id) =>
  programme.feedback(id).filter(({ type }) => type === 'betaFeedbackCrashSubmissions'),
);
const logs = crashes.map((submission) => ({ submission, text: programme.crashLog(submission) }));

function bodyOf(text: string): Body | null {
  const lineEnd = text.indexOf('\n');
  try {
    JSON.parse(text.slice(0, lineEnd));
    return JSON.parse(text.slice(lineEnd + 1)) as Body;
  } catch {
    return null;
  }
}

const ips = logs.flatMap(({ submission, text }) => {
  const body = text.startsWith('{') ? bodyOf(text) : null;
  return body ? [{ submission, text, body }] : [];
});
const plain = logs.filter(({ text }) => text.startsWith('Incident Identifier:') && text.endsWith('EOF\n'));

describe('crash logs', () => {
  test('come in both forms, some cut off, some missing', () => {
    const share = (n: number) => n / logs.length;
    expect(share(ips.length)).toBeGreaterThan(0.5);
    expect(share(plain.length)).toBeGreaterThan(0.3);
    expect(logs.filter(({ text }) => text === '').length).toBeGreaterThan(5);
    const broken = logs.length - ips.length - plain.length - logs.filter(({ text }) => text === '').length;
    expect(broken).toBeGreaterThan(5);
  });

  test('are the same each time', () => {
    const [first] = crashes;
    if (!first) throw new Error('no crashes');
    expect(programme.crashLog(first)).toBe(programme.crashLog(structuredClone(first)));
  });

  test('.ips names the build and device of its submission', () => {
    for (const { submission, text } of ips.slice(0, 100)) {
      const header = JSON.parse(text.slice(0, text.indexOf('\n'))) as Record<string, string>;
      const body = JSON.parse(text.slice(text.indexOf('\n'))) as { modelCode: string };
      expect(header.bug_type).toBe('309');
      expect(body.modelCode).toBe(String(submission.attributes.deviceModel).replace('_', ','));
      expect(header.os_version).toContain(String(submission.attributes.osVersion));
    }
  });

  test('every frame lies in a listed binary, and one thread died', () => {
    for (const { body } of ips) {
      expect(body.threads.filter(({ triggered }) => triggered)).toHaveLength(1);
      expect(body.threads[body.faultingThread]?.triggered).toBe(true);
      expect(body.threads.length).toBeGreaterThan(2);
      const frames = [
        ...body.threads.flatMap((thread) => thread.frames),
        ...(body.lastExceptionBacktrace ?? []),
      ];
      for (const frame of frames) expect(body.usedImages[frame.imageIndex]).toBeDefined();
      expect(body.usedImages[0]).toMatchObject({ arch: 'arm64', source: 'P' });
    }
  });

  test('show every kind of death', () => {
    expect(new Set(ips.map(({ body }) => `${body.exception.type} ${body.exception.signal}`))).toEqual(
      new Set([
        'EXC_BREAKPOINT SIGTRAP',
        'EXC_CRASH SIGABRT',
        'EXC_CRASH SIGKILL',
        'EXC_BAD_ACCESS SIGSEGV',
        'EXC_BAD_ACCESS SIGBUS',
        'EXC_RESOURCE SIGKILL',
      ]),
    );
    expect(ips.some(({ body }) => body.termination.code === 0x8badf00d)).toBe(true);
    expect(ips.some(({ body }) => body.lastExceptionBacktrace && body.asi?.CoreFoundation)).toBe(true);
    expect(ips.some(({ body }) => body.asi?.['libswiftCore.dylib'])).toBe(true);
  });

  test('one bug recurs across builds and devices at other addresses', () => {
    const bySymbol = new Map<
      string,
      { build: unknown; device: unknown; address: number; offset: number }[]
    >();
    for (const { submission, body } of ips) {
      const frames = body.lastExceptionBacktrace ?? body.threads[body.faultingThread]?.frames ?? [];
      const own = frames.find(({ imageIndex, symbol }) => imageIndex === 0 && symbol);
      if (!own?.symbol) continue;
      const base = body.usedImages[0]?.base ?? 0;
      const seen = bySymbol.get(own.symbol) ?? [];
      seen.push({
        build: submission.relationships.build,
        device: submission.attributes.deviceModel,
        address: base + own.imageOffset,
        offset: own.imageOffset,
      });
      bySymbol.set(own.symbol, seen);
    }
    const [commonest = []] = [...bySymbol.values()].sort((a, b) => b.length - a.length);
    expect(bySymbol.size).toBeGreaterThan(20);
    expect(new Set(commonest.map(({ build }) => build)).size).toBeGreaterThan(2);
    expect(new Set(commonest.map(({ device }) => device)).size).toBeGreaterThan(3);
    // Two devices may load a build at one address by chance.
    expect(new Set(commonest.map(({ address }) => address)).size).toBeGreaterThan(commonest.length * 0.9);
    for (const one of commonest) {
      const sameBuild = commonest.filter(({ build }) => build === one.build);
      expect(new Set(sameBuild.map(({ offset }) => offset)).size).toBe(1);
    }
  });

  test('builds without symbols leave the app’s frames unnamed, others name them', () => {
    const named = ips.filter(({ body }) =>
      body.threads.some(({ frames }) => frames.some(({ imageIndex, symbol }) => imageIndex === 0 && symbol)),
    );
    expect(named.length / ips.length).toBeGreaterThan(0.5);
    expect(named.length).toBeLessThan(ips.length);
  });

  test('plain text has all its parts', () => {
    for (const { text } of plain) {
      for (const part of [
        'CrashReporter Key:',
        'Hardware Model:',
        'Exception Type:',
        'Triggered by Thread:',
        'Binary Images:',
      ])
        expect(text).toContain(part);
      expect(text).toMatch(/^Thread \d+ Crashed:$/m);
      expect(text).toMatch(/crashed with ARM Thread State \(64-bit\):/);
      expect(text).toMatch(/^0 {3}\S+ +\t0x[0-9a-f]{16} .+ \+ \d+/m);
    }
    expect(plain.some(({ text }) => /^\S+ +\S+ +\t0x[0-9a-f]{16} 0x[0-9a-f]+ \+ \d+$/m.test(text))).toBe(
      true,
    );
    expect(plain.some(({ text }) => text.includes('Last Exception Backtrace:'))).toBe(true);
  });
});
