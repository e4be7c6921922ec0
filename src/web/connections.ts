import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** More open connections than GitHub and a proxy ever need. */
const mostConnections = 1_000;

/**
 * Where connections pile up, those without a request are closed, the oldest first, so that a new one always gets
 * through: a server that stops accepting is down for GitHub, too.
 */
export function boundConnections(server: Server, most = mostConnections): void {
  const idle = new Set<Socket>();
  let open = 0;
  server.on("connection", (socket: Socket) => {
    open += 1;
    idle.add(socket);
    socket.once("close", () => {
      open -= 1;
      idle.delete(socket);
    });
    if (open <= most) return;
    const [oldest] = idle;
    oldest?.destroy();
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    idle.delete(request.socket);
    response.once("close", () => {
      if (!request.socket.destroyed) idle.add(request.socket);
    });
  });
}
