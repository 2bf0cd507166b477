// Loaded before Next: Node ends a request after five minutes, which is too little for large symbols on a slow line. How
// long each body may take is said where it is read.
import http from 'node:http';

const LONGEST_MS = 61 * 60_000;
const { createServer } = http;

http.createServer = (...given) => {
  const server = createServer(...given);
  server.requestTimeout = LONGEST_MS;
  return server;
};
