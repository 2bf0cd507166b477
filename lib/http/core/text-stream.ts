/** A download that is produced while it is read, so that its size costs no memory. */
export async function textStream(
  parts: AsyncIterator<string>,
  { type, fileName }: { readonly type: string; readonly fileName: string },
): Promise<Response> {
  const encoder = new TextEncoder();
  // The first part is taken now: a refusal must be an answer of its own, not a broken download.
  let next = await parts.next();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // Other requests get their turn between two pieces.
        await new Promise((resolve) => setImmediate(resolve));
        let text = '';
        while (!next.done && text.length < PIECE_CHARACTERS) {
          text += next.value;
          next = await parts.next();
        }
        if (text !== '') controller.enqueue(encoder.encode(text));
        if (next.done) controller.close();
      },
      async cancel() {
        await parts.return?.();
      },
    },
    { highWaterMark: 2 },
  );
  const plain = fileName.replace(/[^\w.-]+/g, '-');
  return new Response(body, {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    },
  });
}

const PIECE_CHARACTERS = 64 * 1024;
