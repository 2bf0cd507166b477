import type { WebhookView } from '@/lib/browser/webhooks';

/** What is asked about one app's webhook. */
export interface WebhookDialog {
  readonly kind: 'deliveries' | 'renew' | 'remove';
  readonly app: WebhookView;
}
