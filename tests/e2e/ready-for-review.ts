import type { Held } from './sandbox';
import { sandboxAt } from './sandbox';
import type { Running } from './setup/flightdeck';

/** Everything that review asks for is there, and no build holds its place. */
export async function readyForReview({ sandbox: { baseUrl } }: Running, appId: string): Promise<void> {
  const sandbox = sandboxAt(baseUrl);
  const set = (type: string, { id }: Held, attributes: object) =>
    sandbox.event({ kind: 'set', type, id, attributes });
  for (const text of await sandbox.list(`betaAppLocalizations?app=${appId}`))
    await set('betaAppLocalizations', text, { description: 'A fine app', feedbackEmail: 'beta@example.com' });
  for (const contact of await sandbox.list(`betaAppReviewDetails?app=${appId}`))
    await set('betaAppReviewDetails', contact, {
      ...{ contactFirstName: 'A', contactLastName: 'B', contactPhone: '+351 1' },
      ...{ contactEmail: 'a@example.com', demoAccountRequired: false },
    });
  for (const { id, attributes } of await sandbox.list(`betaAppReviewSubmissions?app=${appId}`))
    if (attributes.betaReviewState !== 'APPROVED')
      await sandbox.event({ kind: 'remove', type: 'betaAppReviewSubmissions', id });
}
