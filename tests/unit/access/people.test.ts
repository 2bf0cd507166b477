import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callerAddress, consume, forgiveStatements, signInLimits } from '@/lib/access/login-limit';
import { maskEmail, maskEmails } from '@/lib/access/mask';
import { hashPassword, passwordProblem, temporaryPassword, verifyPassword } from '@/lib/access/passwords';
import { can, LEAST_ROLE, permissionsOf, ROLES } from '@/lib/access/policy';
import type { Database } from '@/prisma/database';
import { testDatabase } from '@/tests/factories/database';

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
  let db: Database;
  beforeEach(async () => {
    db = await testDatabase();
  });
  afterEach(() => db.close());

  it('count per account and per address, run out and are forgiven', async () => {
    const limits = signInLimits('a@example.com', '10.0.0.1');
    const tries = async (count: number, now: number) => {
      const outcomes: ({ retryAt: number } | null)[] = [];
      for (let index = 0; index < count; index += 1) outcomes.push(await consume(db, limits, now));
      return outcomes.filter((one) => one === null).length;
    };
    expect(await tries(8, 1000)).toBe(5);
    expect(await consume(db, limits, 1000)).toEqual({ retryAt: 1000 + 15 * 60_000 });
    expect(await consume(db, signInLimits('b@example.com', '10.0.0.1'), 1000)).toBeNull();
    expect(await tries(8, 1001 + 15 * 60_000)).toBe(5);
    await db.write(forgiveStatements('account:a@example.com', 2000 + 15 * 60_000));
    expect(await tries(1, 2000 + 15 * 60_000)).toBe(1);
  });

  it('let many tries at one moment through no more often than few', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, () => consume(db, signInLimits('a@example.com', null), 5)),
    );
    expect(outcomes.filter((one) => one === null)).toHaveLength(5);
  });

  it('hold one address that tries many accounts', async () => {
    let passed = 0;
    for (let index = 0; index < 60; index += 1) {
      if ((await consume(db, signInLimits(`p${index}@example.com`, '10.0.0.9'), 5)) === null) passed += 1;
    }
    expect(passed).toBe(20);
  });

  it('believe a forwarded address only behind a trusted proxy, and then the last hop', () => {
    const headers = new Headers({ 'x-forwarded-for': '6.6.6.6, 10.1.1.1' });
    expect(callerAddress(headers, false)).toBeNull();
    expect(callerAddress(headers, true)).toBe('10.1.1.1');
    expect(callerAddress(new Headers(), true)).toBeNull();
  });
});
