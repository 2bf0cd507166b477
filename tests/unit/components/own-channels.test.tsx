import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { OwnChannels } from '@/components/settings/own-channels';
import type { MyAlerts } from '@/lib/browser/alerts';

const mail = { channel: 'mail', kind: 'mail', name: 'E-mail to ada@example.com', problem: null };
const shown = (channels: readonly object[], channel: string) =>
  renderToStaticMarkup(
    <QueryClientProvider client={new QueryClient()}>
      <OwnChannels
        alerts={
          {
            channels,
            troubles: [{ channel, trouble: '550 mailbox full', since: 0, at: 0 }],
          } as unknown as MyAlerts
        }
      />
    </QueryClientProvider>,
  );

it('offers another try where the mail did not arrive, and nowhere else', () => {
  const told = shown([mail], 'mail/u1');
  expect(told).toContain('550 mailbox full');
  expect(told).toContain('Try again now');
  expect(shown([{ ...mail, problem: 'No mail server is set.' }], 'mail/u1')).not.toContain('Try again now');
  expect(shown([mail], 'connector/c1')).not.toContain('Try again now');
});
