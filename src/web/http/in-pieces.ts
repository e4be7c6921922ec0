const header = "transfer-encoding";
const pieceLength = 64 * 1024;

/** An answer that is made while it is sent, as fast as it is taken. */
export function inPieces(
  lines: Iterator<string>,
  headers: Readonly<Record<string, string>>,
): Response {
  const encoder = new TextEncoder();
  return new Response(
    new ReadableStream<Uint8Array>({
      pull: (controller) => {
        let text = "";
        while (text.length < pieceLength) {
          const next = lines.next();
          if (next.done === true) {
            if (text !== "") controller.enqueue(encoder.encode(text));
            controller.close();
            return;
          }
          text += next.value;
        }
        controller.enqueue(encoder.encode(text));
      },
    }),
    { headers: { ...headers, [header]: "chunked" } },
  );
}

export const isInPieces = (headers: Headers): boolean => headers.get(header) === "chunked";
