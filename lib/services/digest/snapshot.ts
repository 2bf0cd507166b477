import { z } from 'zod';

/** What a digest said, kept so that the next one says what changed. */
export const snapshot = z.object({
  /** ISO text. */
  at: z.string(),
  /** What was said by now, and is not over. */
  lights: z.array(
    z.object({
      key: z.string(),
      /** Account and app. */
      place: z.string(),
      level: z.enum(['red', 'amber']),
      app: z.string().nullable(),
      words: z.string(),
    }),
  ),
  apps: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      build: z.string().nullable(),
      testers: z.number(),
      unread: z.number(),
      /** Crash-free sessions in words, with how many they are. */
      crashFree: z.string().nullable(),
    }),
  ),
});
export type Snapshot = z.infer<typeof snapshot>;
type SnapshotLight = Snapshot['lights'][number];

/** A light of now, and where its next step is. */
export interface ToldLight extends SnapshotLight {
  readonly step: { readonly label: string; readonly href: string };
}

/** An app of now. */
export type ToldApp = Snapshot['apps'][number] & {
  readonly href: string;
  /** ISO text. */
  readonly expires: string | null;
};

/** Everything that a digest tells of now. */
export interface Facts {
  readonly at: string;
  readonly lights: readonly ToldLight[];
  readonly apps: readonly ToldApp[];
  readonly snoozed: number;
  /** Keys of what is lit and not told: snoozed, said by another light, or of other apps. */
  readonly hidden: readonly string[];
  /** The places whose lights are wanted; null for all. */
  readonly places: readonly string[] | null;
}

const isOf = ({ places }: Facts, { place }: SnapshotLight) => places?.includes(place) ?? true;

/** What is kept of the facts; what was said before and is hidden now stays said. */
export function kept(facts: Facts, before: Snapshot | null): Snapshot {
  const { at, lights, apps } = facts;
  const hidden = new Set(facts.hidden);
  return {
    at,
    lights: [
      ...lights.map(({ key, place, level, app, words }) => ({ key, place, level, app, words })),
      ...(before?.lights ?? []).filter((light) => hidden.has(light.key) && isOf(facts, light)),
    ],
    apps: apps.map(({ key, name, build, testers, unread, crashFree }) => ({
      ...{ key, name, build, testers, unread, crashFree },
    })),
  };
}

/** How the lights of now stand to those of before. */
export interface Changes {
  readonly fresh: readonly ToldLight[];
  readonly worse: readonly ToldLight[];
  readonly still: readonly ToldLight[];
  readonly out: readonly SnapshotLight[];
}

/** Without a digest before nothing is new: all of it is only there. */
export function changesOf(facts: Facts, before: Snapshot | null): Changes {
  if (before === null) return { fresh: [], worse: [], still: facts.lights, out: [] };
  const levels = new Map(before.lights.map(({ key, level }) => [key, level]));
  const lit = new Set([...facts.lights.map(({ key }) => key), ...facts.hidden]);
  const isWorse = ({ key, level }: ToldLight) => level === 'red' && levels.get(key) === 'amber';
  return {
    fresh: facts.lights.filter(({ key }) => !levels.has(key)),
    worse: facts.lights.filter(isWorse),
    still: facts.lights.filter((light) => levels.has(light.key) && !isWorse(light)),
    out: before.lights.filter((light) => !lit.has(light.key) && isOf(facts, light)),
  };
}
