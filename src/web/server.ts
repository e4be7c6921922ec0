import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { discard } from "./body-room.ts";
import { boundConnections } from "./connections.ts";
import { servePage, type PageSource } from "./http/serve-page.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface Endpoints {
  /** null while there are no credentials. */
  readonly webhook: Handler | null;
  readonly pages: PageSource;
}

const webhookPath = "/api/github/webhooks";

/** The process's HTTP server: the webhook endpoint on the raw request, everything else as pages. What answers may change: set-up gives way to the gate. */
export function createHttpServer(current: () => Endpoints): Server {
  const server = createServer(
    {
      // GitHub gives up on a delivery after ten seconds; who is much slower holds a connection and nothing else.
      requestTimeout: 20_000,
      headersTimeout: 10_000,
      // Node looks only so often whether those times are over.
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 65_000,
    },
    (request, response) => {
      const path = (request.url ?? "/").split("?", 1)[0];
      const handled =
        path === webhookPath
          ? atWebhookPath(request, response)
          : servePage(current().pages, request, response);
      handled.catch(() => {
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    },
  );

  async function atWebhookPath(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { webhook } = current();
    if (request.method !== "POST") {
      discard(request);
      response.writeHead(405, { allow: "POST", "content-type": "text/plain; charset=utf-8" });
      response.end("GitHub delivers here with POST.\n");
    } else if (webhook === null) {
      discard(request);
      response.writeHead(503, { "content-type": "text/plain; charset=utf-8", connection: "close" });
      response.end("No credentials are set up yet: open / in a browser.\n");
    } else {
      await webhook(request, response);
    }
  }

  boundConnections(server);
  return server;
}

/** Resolves with the port that was really taken. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
