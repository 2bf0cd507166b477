import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PictureHost {
  readonly url: string;
  /** Each request, as it came. */
  readonly asked: IncomingMessage[];
  /** How the next requests of a path are answered. */
  answer(path: string, how: (response: ServerResponse, request: IncomingMessage) => void): void;
  close(): Promise<void>;
}

/** A host of pictures on this machine that answers as it is told, and 404 otherwise. */
export async function pictureHost(): Promise<PictureHost> {
  const answers = new Map<string, (response: ServerResponse, request: IncomingMessage) => void>();
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    const how = answers.get(new URL(request.url ?? '', 'http://host').pathname);
    if (how) how(response, request);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answer: (path, how) => void answers.set(path, how),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
