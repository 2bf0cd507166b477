// Loaded before Next. Node ends a request after five minutes, which is too little for large symbols on a slow line: how long
// each body may take is said where it is read. And what start-up put at `flightdeckTakes` meets each request before
// Next, and answers what other servers send by the thousand.
import http from 'node:http';

const LONGEST_MS = 61 * 60_000;
const { createServer } = http;

http.createServer = (...given) => {
  const handed = given.at(-1);
  const hands = typeof handed === 'function';
  const server = createServer(
    ...(hands ? given.slice(0, -1) : given),
    ...(hands
      ? [
          (request, response) => {
            // Only who meets a request may say that it was met.
            delete request.headers['x-flightdeck-met'];
            const next = () => handed(request, response);
            if (!globalThis.flightdeckTakes?.(request, response, next)) next();
          },
        ]
      : []),
  );
  server.requestTimeout = LONGEST_MS;
  return server;
};
