import { expect, it } from 'vitest';
import type { Role, UserActor } from '@/lib/access/policy';
import { eventsFor } from '@/lib/services/live';

const actor = (role: Role) => ({ kind: 'user', id: 'u1', email: 'a@example.com', role }) as UserActor;
const changes = [
  { topic: 'jobs', subject: 'j1' },
  { topic: 'mirror', subject: 'builds' },
  { topic: 'own', subject: 'savedReplies' },
  { topic: 'webhooks', subject: 'r1' },
] as const;
const told = (role: Role) =>
  eventsFor(actor(role), { changes, isGap: false }).map((event) =>
    event.kind === 'change' ? `${event.topic} ${event.ids.join()}` : event.kind,
  );

it('tells nobody of what they may not read, and of nothing that is only for processes', () => {
  expect(told('viewer')).toEqual(['mirror builds', 'own savedReplies']);
  expect(told('triager')).toEqual(['jobs j1', 'mirror builds', 'own savedReplies']);
});

it('tells more than can be named as the topic alone', () => {
  const many = Array.from({ length: 201 }, (_, n) => ({ topic: 'mirror' as const, subject: `t${n}` }));
  const events = eventsFor(actor('viewer'), { changes: many, isGap: false });
  expect(events).toEqual([{ kind: 'change', topic: 'mirror', ids: [] }]);
});
