// A process of its own that sends one request as connectors do: certificate authorities are read when one starts.
import { createSend } from '@/lib/connectors/outgoing';

const { BASE_URL: baseUrl = '', PROXY: https } = process.env;
const { send, close } = createSend({ baseUrl, isInternal: true, proxies: { https } });
const told = await send({ method: 'POST', url: `${baseUrl}/x`, body: '{}' }).then(
  ({ status, text }) => ({ status, text }),
  ({ kind, message }: { kind: string; message: string }) => ({ kind, message }),
);
process.stdout.write(JSON.stringify(told));
await close();
