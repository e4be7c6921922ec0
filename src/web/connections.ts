import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { PacedConnection } from "./paced-connection.ts";

/** More open connections than GitHub and a proxy ever need. */
const mostConnections = 1_000;

/** GitHub and proxies send one request after the other; Node would start as many as fit into what it reads at once. */
const mostRequestsAtOnce = 16;

/**
 * Where connections pile up, those without a request are closed, the oldest first, so that a new one always gets
 * through: a server that stops accepting is down for GitHub, too. And no connection has many requests at once, or the
 * process for itself.
 */
export function boundConnections(server: Server, most = mostConnections): void {
  const idle = new Set<Duplex>();
  const unanswered = new WeakMap<Duplex, number>();
  let open = 0;
  // Node's own way of taking a connection, which takes any duplex stream.
  const take = server.listeners("connection");
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    const connection = new PacedConnection(socket);
    open += 1;
    idle.add(connection);
    connection.once("close", () => {
      open -= 1;
      idle.delete(connection);
    });
    for (const listener of take) Reflect.apply(listener, server, [connection]);
    if (open <= most) return;
    const [oldest] = idle;
    oldest?.destroy();
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const connection: Duplex = request.socket;
    const count = (by: number): number => {
      const now = (unanswered.get(connection) ?? 0) + by;
      unanswered.set(connection, now);
      return now;
    };
    idle.delete(connection);
    if (count(1) > mostRequestsAtOnce) connection.destroy();
    response.once("close", () => {
      if (count(-1) === 0 && !connection.destroyed) idle.add(connection);
    });
  });
}
