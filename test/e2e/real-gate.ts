import { Simulator, type SimulatorOptions } from "@gatehouse/github-simulator";
import {
  newSite,
  startProcess,
  type GateProcess,
  type ProcessOptions,
  type Site,
} from "../support/gate-process.ts";

/** A simulated GitHub with the real process beside it, which may be killed and started again over the same files. */
export interface RealGate {
  readonly sim: Simulator;
  readonly site: Site;
  readonly settings: { readonly databaseUrl: string };
  readonly gate: GateProcess;
  /** After `gate` has ended: another takes its place. */
  readonly start: () => Promise<GateProcess>;
  /** One more, over the same database. */
  readonly beside: () => Promise<GateProcess>;
  readonly stop: () => Promise<void>;
}

export async function startRealGate(
  options: {
    readonly simulator?: Partial<SimulatorOptions>;
    readonly process?: ProcessOptions;
  } = {},
): Promise<RealGate> {
  const site = newSite();
  const sim = await Simulator.start({
    appId: 7,
    publicKeyPem: site.publicKey,
    webhookSecret: site.secret,
    ...options.simulator,
  });
  const all: GateProcess[] = [];
  const beside = async (): Promise<GateProcess> => {
    const gate = await startProcess(sim, site, options.process);
    all.push(gate);
    return gate;
  };
  let gate = await beside();
  return {
    sim,
    site,
    settings: { databaseUrl: `file:${site.folder}/gatehouse.db` },
    get gate() {
      return gate;
    },
    beside,
    start: async () => (gate = await beside()),
    stop: async () => {
      await Promise.all(all.map((each) => each.kill("SIGKILL")));
      await sim.stop();
      site.remove();
    },
  };
}
