import { postgresSchema } from './postgres-schema.mjs';

/**
 * The schema that a client of Prisma is made from: one for each engine, as Prisma takes one provider. Instants are
 * floats in it, so that they come and go as numbers instead of BigInt; the columns are integers all the same.
 * @param {string} schema text of schema.prisma
 * @param {'sqlite' | 'postgres'} engine
 */
export function clientSchema(schema, engine) {
  const ofEngine = engine === 'postgres' ? postgresSchema(schema) : schema;
  return ofEngine
    .replace(/\bBigInt\b/g, 'Float')
    .replace('"./generated/client"', `"./${engine}"`)
    .replace('"./generated"', '"."');
}
