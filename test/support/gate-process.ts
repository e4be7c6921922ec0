import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Simulator } from "@gatehouse/github-simulator";
import { builtProduct } from "./built-product.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Key pair, webhook secret and database of one installation of the product, kept over restarts. */
export interface Site {
  readonly publicKey: string;
  readonly privateKey: string;
  readonly secret: string;
  readonly folder: string;
  readonly remove: () => void;
}

export function newSite(): Site {
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-site-"));
  return {
    publicKey: keys.publicKey,
    privateKey: keys.privateKey,
    secret: randomBytes(32).toString("hex"),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The real process, as `npm start` would run it. */
export interface GateProcess {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from spawn to listening. */
  readonly bootMs: number;
  readonly output: () => string;
  readonly kill: (signal: NodeJS.Signals) => Promise<number | null>;
  readonly exited: Promise<number | null>;
}

export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly appId?: number;
  /** false: deliveries come another way. */
  readonly takesDeliveries?: boolean;
  /** Runs this file; the product built of the sources as they are if left out. */
  readonly entry?: string;
}

function wait(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("exit", (code) => resolve(code)));
}

/** Starts the process and resolves once it listens; rejects with its output when it exits first. */
export async function startProcess(
  sim: Simulator,
  site: Site,
  options: ProcessOptions = {},
): Promise<GateProcess> {
  const entry = options.entry ?? builtProduct();
  const from = performance.now();
  const child = spawn(process.execPath, [entry], {
    cwd: site.folder,
    env: {
      PATH: process.env["PATH"],
      NODE_PATH: join(root, "node_modules"),
      APP_ID: String(options.appId ?? 7),
      PRIVATE_KEY: site.privateKey,
      WEBHOOK_SECRET: site.secret,
      GHE_HOST: new URL(sim.url).host,
      GHE_PROTOCOL: "http",
      DATABASE_URL: `file:${join(site.folder, "gatehouse.db")}`,
      PORT: "0",
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const exited = wait(child);
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
      if (output.length > 2_000_000) output = output.slice(-1_000_000);
      const match = /"url":"(http:[^"]+)"/.exec(output);
      if (match?.[1] !== undefined) resolve(match[1]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    void exited.then((code) => reject(new Error(`the process exited with ${code}: ${output}`)));
  });
  const bootMs = performance.now() - from;
  if (options.takesDeliveries !== false)
    sim.webhook({ url: `${url}/api/github/webhooks`, secret: site.secret });
  return {
    url,
    pid: child.pid ?? 0,
    bootMs,
    output: () => output,
    exited,
    kill: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}
