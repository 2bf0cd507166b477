import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callerAddress, consume, SETUP_LIMIT } from '@/lib/access/login-limit';
import { maskEmail, maskEmails } from '@/lib/access/mask';
import { hashPassword, passwordProblem, temporaryPassword, verifyPassword } from '@/lib/access/passwords';
import { can, LEAST_ROLE, permissionsOf, ROLES } from '@/lib/access/policy';
import { forgiveTries, signInPaces, takeTry } from '@/lib/access/sign-in-pace';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';

describe('passwords', () => {
  it('may be long passphrases in any script, however they are composed', async () => {
    const phrase = 'Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich 🥊 '.repeat(6);
    expect(passwordProblem(phrase.slice(0, 400))).toBeNull();
    const hash = await hashPassword(phrase.normalize('NFC'));
    expect(await verifyPassword(hash, phrase.normalize('NFD'))).toBe(true);
    expect(await verifyPassword(hash, `${phrase}x`)).toBe(false);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it.each([
    'short',
    'Password123!',
    'qwertyuiop',
    'aaaaaaaaaaaa',
    'letmein123456',
    'Flightdeck2026!',
    'x'.repeat(600),
  ])('“%s” is refused', (password) => expect(passwordProblem(password)).toBeTypeOf('string'));

  it('may not be the address', () => {
    expect(passwordProblem('jane.smith@example.com', 'jane.smith@example.com')).toBeTypeOf('string');
    expect(passwordProblem('jane.smith12', 'jane.smith@example.com')).toBeTypeOf('string');
    expect(passwordProblem('a quiet jane.smith sails', 'jane.smith@example.com')).toBeNull();
  });

  it('are made to be read out, and never twice the same', () => {
    const made = new Set(Array.from({ length: 200 }, () => temporaryPassword()));
    expect(made.size).toBe(200);
    for (const one of made) expect(passwordProblem(one)).toBeNull();
  });
});

describe('roles', () => {
  it('each may all that the one before may', () => {
    for (const [rank, role] of ROLES.entries()) {
      const before = ROLES[rank - 1];
      for (const permission of before ? permissionsOf(before) : []) expect(can(role, permission)).toBe(true);
    }
    expect(permissionsOf('admin').sort()).toEqual(Object.keys(LEAST_ROLE).sort());
    expect(permissionsOf('viewer').filter((one) => /:(write|run)$/.test(one))).toEqual([]);
  });
});

describe('masking', () => {
  it('keeps the first letter and the domain', () => {
    expect(maskEmail('mara.k@example.com')).toBe('m•••@example.com');
    expect(maskEmail('@example.com')).toBe('•••');
    expect(maskEmail('ö@example.com')).toBe('ö•••@example.com');
  });

  it('finds addresses anywhere in an answer and leaves the rest', () => {
    const answer = {
      data: [
        {
          attributes: {
            email: 'a.b@example.com',
            count: 3,
            comment: 'Write to x.y@mail.example.org, please',
          },
        },
      ],
      meta: { groups: ['z@example.com'], none: null, name: 'me @ home' },
    };
    expect(maskEmails(answer)).toEqual({
      data: [
        {
          attributes: {
            email: 'a•••@example.com',
            count: 3,
            comment: 'Write to x•••@mail.example.org, please',
          },
        },
      ],
      meta: { groups: ['z•••@example.com'], none: null, name: 'me @ home' },
    });
  });
});

describe('limits of signing in', () => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await testDatabase();
  });
  afterEach(() => db.close());

  const passed = (outcomes: readonly (object | null)[]) => outcomes.filter((one) => one === null).length;

  it('count in windows on the first-run page', async () => {
    const outcomes: (object | null)[] = [];
    for (let index = 0; index < 12; index += 1) outcomes.push(await consume(db, [SETUP_LIMIT], 1000));
    expect([passed(outcomes), outcomes.at(-1)]).toEqual([10, { retryAt: 1000 + 15 * 60_000 }]);
  });

  it('let a few tries through at once, then one every five seconds, and are forgiven', async () => {
    const paces = signInPaces('a@example.com', '10.0.0.1', null);
    const tries = async (count: number, now: number) => {
      const outcomes: (object | null)[] = [];
      for (let index = 0; index < count; index += 1) outcomes.push(await takeTry(db, paces, now));
      return passed(outcomes);
    };
    expect(await tries(8, 1000)).toBe(3);
    expect(await takeTry(db, paces, 1000)).toEqual({ retryAt: 6000 });
    expect(await takeTry(db, signInPaces('b@example.com', '10.0.0.1', null), 1000)).toBeNull();
    expect([
      await tries(8, 5999),
      await tries(8, 6000),
      await tries(8, 10_999),
      await tries(8, 11_000),
    ]).toEqual([0, 1, 0, 1]);
    await db.write(forgiveTries(paces, 11_001));
    expect(await tries(8, 11_001)).toBe(3);
    expect(await tries(8, 11_001 + 16 * 60_000)).toBe(3);
  });

  it('slow strangers down to one a minute when they go on, but never a known device', async () => {
    const count = async (device: string | null) => {
      let through = 0;
      for (let now = 0; now < 3_600_000; now += 1000) {
        if ((await takeTry(db, signInPaces('a@example.com', null, device), now)) === null) through += 1;
      }
      return through;
    };
    expect(await count(null)).toBeLessThan(130);
    expect(await takeTry(db, signInPaces('a@example.com', null, 'known'), 3_600_000)).toBeNull();
  });

  it('let many tries at one moment through no more often than few', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, () => takeTry(db, signInPaces('a@example.com', null, null), 5)),
    );
    expect(passed(outcomes)).toBe(3);
  });

  it('hold one address that tries many accounts, and all addresses together where none can be believed', async () => {
    for (const [address, expected] of [
      ['10.0.0.9', 20],
      [null, 6],
    ] as const) {
      const outcomes: (object | null)[] = [];
      for (let index = 0; index < 60; index += 1) {
        outcomes.push(await takeTry(db, signInPaces(`p${index}@example.com`, address, null), 5));
      }
      expect(passed(outcomes)).toBe(expected);
    }
  });

  it('believe a forwarded address only behind a trusted proxy, and then the last hop', () => {
    const headers = new Headers({ 'x-forwarded-for': '6.6.6.6, 10.1.1.1' });
    expect(callerAddress(headers, false)).toBeNull();
    expect(callerAddress(headers, true)).toBe('10.1.1.1');
    expect(callerAddress(new Headers(), true)).toBeNull();
  });
});
