import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Stands between the processes and their database server, as a network that may be slow or break. */
export interface Proxy {
  readonly port: number;
  /** Each piece of what is said takes so much longer, in either direction. */
  readonly delay: (ms: number) => void;
  /** Breaks every connection there is; new ones come through. */
  readonly cut: () => void;
  /** Leads new connections to another port; 0: nobody is there. */
  readonly lead: (port: number) => void;
  readonly stop: () => void;
}

export async function startProxy(port: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let to = port;
  let delayMs = 0;
  /** Keeps the order of what comes, however long each piece takes. */
  const pass = (from: Socket, onto: Socket): void => {
    let before = Promise.resolve();
    from.on("data", (piece) => {
      const wait = delayMs;
      before = before.then(async () => {
        if (wait > 0) await sleep(wait);
        onto.write(piece);
      });
    });
    from.on("close", () => void before.then(() => onto.destroy()));
    from.on("error", () => undefined);
  };
  const server = createServer((near) => {
    if (to === 0) {
      near.destroy();
      return;
    }
    const far = connect(to, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("close", () => sockets.delete(socket));
    }
    pass(near, far);
    pass(far, near);
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    delay: (ms) => void (delayMs = ms),
    cut,
    lead: (next) => void (to = next),
    stop: () => {
      server.close();
      cut();
    },
  };
}
