import { setImmediate as breathe } from 'node:timers/promises';
import type { Found, Light, LightKind } from '@/lib/format/lights';
import type { Ask } from './ask';
import { RULES, type Rule } from './rules';

/** Everything that wants somebody now. */
export async function allLights(ask: Ask): Promise<readonly Light[]> {
  return toldOf(await everyLight(ask));
}

/** Of what is lit what is told: each cause once, red before amber, then by the order of the rules. */
export function toldOf(found: readonly Light[]): readonly Light[] {
  const lit = withoutEcho(found);
  return [...lit.filter(({ level }) => level === 'red'), ...lit.filter(({ level }) => level === 'amber')];
}

/** Everything that is lit, with what another light says already. */
export async function everyLight(ask: Ask): Promise<readonly Light[]> {
  const found: Light[] = [];
  for (const rule of RULES) {
    found.push(...(await lightsOf(rule as Rule, ask)));
    // Others are served in between.
    await breathe();
  }
  return found;
}

async function lightsOf<Kind extends LightKind>(rule: Rule<Kind>, ask: Ask): Promise<Light[]> {
  const found: readonly Found<Kind>[] = await rule.find(ask);
  return found.map(
    (one) =>
      ({
        ...one,
        key: `${rule.kind} ${one.accountId} ${one.id}`,
        kind: rule.kind,
        level: rule.level(one, ask),
      }) as Light,
  );
}

/** One cause is told once: what keeps an account from being read also fails its syncs, and lets what is shown grow old. */
function withoutEcho(lights: readonly Light[]): readonly Light[] {
  const accountsOf = (kinds: readonly LightKind[], among: readonly Light[]) =>
    new Set(among.filter(({ kind }) => kinds.includes(kind)).map(({ accountId }) => accountId));
  const inTrouble = accountsOf(['key_refused', 'key_trouble'], lights);
  const lit = lights.filter(({ kind, accountId }) => kind !== 'sync_failed' || !inTrouble.has(accountId));
  const isSaid = accountsOf(['key_refused', 'sync_failed'], lit);
  const shut = new Set(lit.flatMap((light) => (light.kind === 'link_admits_nobody' ? [placeOf(light)] : [])));
  return lit.filter((light) => {
    if (light.kind === 'sync_old') return !isSaid.has(light.accountId);
    // A link that admits nobody says itself that its group has no build.
    return light.kind !== 'group_unused' || !shut.has(placeOf(light));
  });
}

const placeOf = ({ accountId, id }: Light) => `${accountId} ${id}`;
