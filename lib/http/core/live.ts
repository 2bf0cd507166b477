/** Whether the process answers at all: no session, no store, no I/O. */
export function live(): Response {
  return Response.json({ status: 'live' }, { headers: { 'Cache-Control': 'no-store' } });
}
