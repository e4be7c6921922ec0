import type { Server } from "node:http";
import { SettingsError, type Settings } from "./env.ts";
import { createHttpServer, listen, type Endpoints } from "./web/server.ts";

/** The process's HTTP server, which listens before it is known for good what answers. */
export interface Front {
  readonly server: Server;
  readonly port: number;
  readonly serve: (endpoints: Endpoints) => void;
}

/** Listens, or says in one line why it cannot. */
export async function openFront(settings: Settings, first: Endpoints): Promise<Front> {
  let current = first;
  const server = createHttpServer(() => current);
  const port = await listenOrSay(server, settings);
  return { server, port, serve: (endpoints) => (current = endpoints) };
}

/** An address to tell people and logs. */
export const addressOf = ({ host }: Settings, port: number): string =>
  `http://${hostInUrl(host)}:${port}`;

function listenOrSay(server: Server, { host, port }: Settings): Promise<number> {
  return listen(server, host, port).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const because =
      code === "EADDRINUSE"
        ? "another process listens there"
        : code === "EACCES"
          ? "this user may not"
          : code;
    throw new SettingsError(
      "PORT",
      `${host}:${port} cannot be listened on (${because}); choose another PORT or HOST.`,
    );
  });
}

/** An IPv6 address stands in brackets. */
const hostInUrl = (host: string): string => (host.includes(":") ? `[${host}]` : host);
