import { z } from 'zod';
import { KINDS } from '@/lib/connectors/types';
import { templateProblem } from './template';

const template = (what: string, most: number) =>
  z
    .string()
    .trim()
    .min(1, `${what} is empty.`)
    .max(most, `${what} is too long.`)
    .superRefine((text, check) => {
      const problem = templateProblem(text);
      if (problem !== null) check.addIssue({ code: 'custom', message: problem });
    });

const id = z.string().min(1).max(200);
const shown = { title: template('The title', 500), body: template('The text', 20_000) };
const place = {
  kind: z.enum(KINDS, 'Choose where to.'),
  /** '' where the secret is the address. */
  baseUrl: z
    .string()
    .trim()
    .max(2_000)
    .transform((text) => text.replace(/\/+$/, ''))
    .default(''),
  isInternal: z.boolean().default(false),
  project: z.string().trim().max(300).default(''),
  itemType: z.string().trim().max(200).default(''),
  login: z.string().trim().max(300).default(''),
  /** Absent keeps the one that is stored. */
  secret: z.string().trim().min(1, 'Enter the secret.').max(4_000).optional(),
};

export const connectorBody = z.strictObject({
  name: z.string().trim().min(1, 'Enter a name.').max(80, 'The name is longer than 80 characters.'),
  ...place,
  ...shown,
  doesResolve: z.boolean().default(false),
  /** Of a messenger: whether people may have their alerts sent there. */
  takesAlerts: z.boolean().default(false),
  /** The one app it is for; null for all. */
  app: z.strictObject({ appId: id, accountId: id.optional() }).nullish(),
});
export type ConnectorBody = z.infer<typeof connectorBody>;

/** What is tried before it is kept; `id` for one that has its secret already. */
export const connectorTestBody = z.strictObject({ id: id.optional(), ...place });
export const connectorPreviewBody = z.strictObject(shown);
