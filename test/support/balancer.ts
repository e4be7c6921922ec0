import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface Balancer {
  readonly url: string;
  readonly stop: () => void;
}

/** Hands deliveries on in turn, as a load balancer would; a process that is not there answers 502. */
export async function startBalancer(targets: () => readonly string[]): Promise<Balancer> {
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const all = targets();
    const target = all[turn++ % all.length];
    if (target === undefined) {
      outgoing.writeHead(502).end();
      return;
    }
    const onward = request(
      `${target}${incoming.url ?? "/"}`,
      { method: incoming.method ?? "POST", headers: incoming.headers, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
