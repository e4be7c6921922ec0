import { hostname } from "node:os";
import { randomBytes } from "node:crypto";

/** This process's name as the holder of leases: host, process id and a nonce (a container's process id is always 1). */
export function instanceName(): string {
  return `${hostname()}:${process.pid}:${randomBytes(4).toString("hex")}`;
}

/** Whether the holder of a lease may still be at work. Holders on other hosts are judged by their lease running out. */
export function mayBeAlive(owner: string, self: string): boolean {
  if (owner === self) return true;
  const [host, pid] = owner.split(":");
  if (host !== hostname()) return true;
  const id = Number(pid);
  if (id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}
