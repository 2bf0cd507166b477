import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The session secret and sign-in of a demo or development folder, made once and kept with its data (mode 0600),
 * so that a restart keeps people signed in.
 */
export function keptSecrets(dataDir) {
  const file = path.join(dataDir, 'local-secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const secrets = {
    sessionSecret: randomBytes(48).toString('base64url'),
    email: 'demo@example.com',
    password: Array.from({ length: 4 }, () => word()).join('-'),
  };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

/** Four letters that are easy to read out: consonant, vowel, twice. */
function word() {
  const pick = (letters) => letters[randomBytes(1)[0] % letters.length];
  return `${pick('bdfgklmnprstvz')}${pick('aeiou')}${pick('bdfgklmnprstvz')}${pick('aeiou')}`;
}
