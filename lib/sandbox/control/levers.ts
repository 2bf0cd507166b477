import type { Assembly } from '../assembly';
import { FAULT_KINDS, type FaultRule } from '../http/faults';
import type { ApiKey, NewKey } from '../http/keys';
import { ROLES } from '../http/roles';
import { type ControlCall, ControlError, type Handler } from './call';
import { optionalNumber, optionalText } from './input';

function clock({ clock: time, life }: Assembly, { rest, input }: ControlCall): unknown {
  const stepMs = optionalNumber(input, rest[0] === 'step' ? 'ms' : 'stepMs');
  const speed = optionalNumber(input, 'speed');
  const skewMs = optionalNumber(input, 'skewMs');
  if (speed !== undefined) time.setSpeed(speed);
  if (skewMs !== undefined) time.setSkew(skewMs);
  if (stepMs !== undefined) time.step(stepMs);
  life.settle();
  return { now: time.iso(), speed: time.speed, skewMs: time.skewMs };
}

function addFault({ faults }: Assembly, { input }: ControlCall): unknown {
  if (!FAULT_KINDS.includes(input.kind as FaultRule['kind']))
    throw new ControlError(`kind is one of ${FAULT_KINDS.join(', ')}`);
  return faults.add(input as unknown as FaultRule);
}

function removeFaults({ faults }: Assembly, { rest }: ControlCall): unknown {
  faults.remove(rest[0] === undefined ? null : Number(rest[0]));
  return { faults: faults.list() };
}

function shown(key: ApiKey): unknown {
  const { keyId, kind, roles, visibleApps, privateKey, privateKeyPath, revoked } = key;
  return { keyId, kind, roles, visibleApps, privateKey, privateKeyPath, revoked };
}

function createKey({ keys }: Assembly, { input }: ControlCall): unknown {
  const wanted = input as NewKey;
  const unknownRole = wanted.roles?.find((role) => !ROLES.includes(role));
  if (unknownRole !== undefined)
    throw new ControlError(`no role ${unknownRole}; there are ${ROLES.join(', ')}`);
  return { issuerId: keys.issuerId, ...(shown(keys.create(wanted)) as object) };
}

/** `POST keys/{id}/revoke {status?}` and `POST keys/{id}/restore`; `POST keys` makes one. */
function changeKey(parts: Assembly, call: ControlCall): unknown {
  const [keyId, verb] = call.rest;
  if (keyId === undefined) return createKey(parts, call);
  const status = verb === 'restore' ? null : call.input.status === 403 ? 403 : 401;
  if (!parts.keys.revoke(keyId, status)) throw new ControlError(`no key ${keyId}`, 404);
  return { keyId, revoked: status };
}

function rateLimit({ limiter }: Assembly, { input }: ControlCall): unknown {
  const limitOf = (name: 'hour' | 'minute'): number | null =>
    input[name] === null ? null : (optionalNumber(input, name) ?? limiter.limits[name]);
  const { isMinuteHidden = limiter.limits.isMinuteHidden } = input;
  limiter.limits = {
    hour: limitOf('hour'),
    minute: limitOf('minute'),
    isMinuteHidden: isMinuteHidden === true,
  };
  if (input.reset === true) limiter.reset();
  return limiter.limits;
}

const NUMBERS = [
  ...(['latencyMs', 'removalDelayMs', 'screenshotLifeMs'] as const),
  ...(['usageDelayMs', 'reviewDelayMs'] as const),
];

function settings({ world }: Assembly, { input }: ControlCall): unknown {
  for (const name of NUMBERS) {
    const value = optionalNumber(input, name);
    if (value !== undefined) world.settings[name] = value;
  }
  const { reviewDecision } = input;
  if (reviewDecision === null || reviewDecision === 'APPROVED' || reviewDecision === 'REJECTED')
    world.settings.reviewDecision = reviewDecision;
  else if (reviewDecision !== undefined)
    throw new ControlError('reviewDecision is APPROVED, REJECTED or null');
  return world.settings;
}

/** `POST webhooks/emit` sends any event; `GET webhooks` waits until nothing is being delivered. */
function emit({ world }: Assembly, { input }: ControlCall): unknown {
  const appId = optionalText(input, 'appId');
  const eventType = optionalText(input, 'eventType');
  const instance = input.instance as { type: string; id: string } | undefined;
  if (!appId || !eventType || !instance) throw new ControlError('appId, eventType and instance are needed');
  const attributes = (input.attributes ?? {}) as Record<string, unknown>;
  world.webhooks.emit({ appId, eventType, attributes, instance });
  return {};
}

/** `POST webhook-manners {loseEvery?, repeats?, holdMs?, retries?}`: what goes wrong on the way from now on. */
function webhookManners({ world }: Assembly, { input }: ControlCall): unknown {
  const { manners } = world.webhooks;
  for (const name of Object.keys(manners) as (keyof typeof manners)[]) {
    const given = input[name];
    if (given === undefined) continue;
    if (typeof given !== 'number' || !Number.isInteger(given) || given < 0)
      throw new ControlError(`${name} is a whole number, 0 or more`);
    manners[name] = given;
  }
  return manners;
}

/** What can be turned from outside. */
export const levers: Readonly<Record<string, Handler>> = {
  'GET clock': ({ clock: time }) => ({ now: time.iso(), speed: time.speed, skewMs: time.skewMs }),
  'POST clock': clock,
  'GET faults': ({ faults }) => ({ faults: faults.list() }),
  'POST faults': addFault,
  'DELETE faults': removeFaults,
  'GET keys': ({ keys }) => ({ issuerId: keys.issuerId, keys: keys.list().map(shown) }),
  'POST keys': changeKey,
  'POST rate-limit': rateLimit,
  'POST settings': settings,
  'POST cursors': ({ cursors }) => cursors.expireAll(),
  'POST webhooks': emit,
  'POST webhook-manners': webhookManners,
  'GET webhooks': async ({ world }) => {
    await world.webhooks.idle();
    return { idle: true };
  },
  'POST reset': (_parts, { reset }) => reset(),
};
