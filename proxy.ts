import { type NextRequest, NextResponse } from 'next/server';
import { meet } from '@/lib/http/core/met';

/** Meets what did not come through the door in front of Next: see `lib/http/core/door.ts`. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { pathname, search } = request.nextUrl;
  const { asked, answered, answer } = await meet({
    address: pathname + search,
    header: (name) => request.headers.get(name),
    asRequest: () => request,
  });
  const headers = new Headers(request.headers);
  for (const [name, value] of asked) headers.set(name, value);
  const response = answer
    ? new NextResponse(answer.body, answer)
    : NextResponse.next({ request: { headers } });
  for (const [name, value] of answered) response.headers.set(name, value);
  return response;
}

// Next reads what stands here before anything runs: the header is the one of `MET`. Who names it without having been met
// keeps these headers from their own browser alone.
export const config = {
  // Hashed files need no nonce and may be kept by browsers.
  // Nor does what takes large files in: the proxy would hold them in memory, and no more than ten megabytes of them.
  matcher: [
    {
      source: '/((?!_next/static|_next/image|favicon.ico|api/symbols$).*)',
      missing: [{ type: 'header', key: 'x-flightdeck-met' }],
    },
    {
      source: '/api/symbols',
      missing: [
        { type: 'header', key: 'x-flightdeck-met' },
        { type: 'header', key: 'content-length' },
        { type: 'header', key: 'transfer-encoding' },
      ],
    },
  ],
};
