import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGatehouse, type RunningProcess } from "../../compose.ts";
import { clientOf, startSimulator } from "./simulator.ts";
import type { Simulator } from "@gatehouse/github-simulator";

/** The real gate and a simulated GitHub, introduced to each other over HTTP on this machine; nothing leaves it. */
export interface Stage {
  readonly sim: Simulator;
  readonly gate: RunningProcess;
  readonly close: () => Promise<void>;
}

const appId = 1;

/** `signsIn`: people may look at the gate's pages, for which they sign in at the simulated GitHub. */
export async function setStage({ signsIn = false } = {}): Promise<Stage> {
  const secret = randomBytes(32).toString("hex");
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const sim = await startSimulator({ appId, publicKeyPem: keys.publicKey, webhookSecret: secret });
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-demo-"));
  const app = { appId, privateKey: keys.privateKey, webhookSecrets: [secret] };
  const gate = await startGatehouse(
    {
      host: "127.0.0.1",
      port: 0,
      databaseUrl: `file:${join(folder, "gatehouse.db")}`,
      logLevel: "silent",
      workers: 4,
      keepInputsDays: 1,
      github: {
        apiUrl: `${sim.url}/api/v3`,
        graphqlUrl: `${sim.url}/api/graphql`,
        webUrl: sim.url,
        limits: "off",
      },
      metricsToken: null,
      trustedRoots: null,
      tracing: false,
      anchor: null,
      healthSources: [],
      web: { publicUrl: null, trustedProxies: [], client: signsIn ? await clientOf(appId) : null },
      app,
    },
    app,
  );
  sim.webhook({ url: `${gate.url}/api/github/webhooks` });
  return {
    sim,
    gate,
    close: async () => {
      await gate.stop(3000);
      await sim.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
