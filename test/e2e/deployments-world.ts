import type { Deployment } from "../../src/simulator/world/deployments.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { appId, checkRunsOn, startHouse, until, type CheckRunSeen, type House, type HouseOptions } from "./harness.ts";

export const shop = "acme/shop";

/** A house with one repository under the policy, production and staging guarded by the gate. */
export async function aShop(policy: string | null, options: HouseOptions & { readonly files?: Readonly<Record<string, string>> } = {}): Promise<House> {
  const house = await startHouse(options);
  const { sim } = house;
  sim.org({ login: "acme", members: ["ada", "bob", "carol", "eve"] });
  sim.team({ org: "acme", slug: "release", members: ["bob", "carol"] });
  sim.repo({ name: shop, files: { ...(policy === null ? {} : { ".github/gatehouse.yml": policy }), "src/a.ts": "1\n", ...options.files } });
  for (const login of ["ada", "bob", "carol"]) sim.collaborator({ repo: shop, login, role: "write" });
  for (const name of ["production", "staging"]) sim.environment({ repo: shop, name, gate: true });
  await sim.settled();
  return house;
}

export function deploymentOf(sim: Simulator, id: number): Deployment {
  const repo = sim.world.repos.get(sim.world.repoNames.get(shop) ?? 0);
  const found = repo?.deployments.get(id);
  if (found === undefined) throw new Error(`no deployment ${id}`);
  return found;
}

/** What the gate answered at the door, and what it reported there. */
export function doorOf(sim: Simulator, id: number): { readonly state: string; readonly reports: readonly string[] } {
  const { gate } = deploymentOf(sim, id);
  return { state: gate?.state ?? "ungated", reports: gate?.reports.get(appId) ?? [] };
}

export async function doorSays(sim: Simulator, id: number, holds: (door: ReturnType<typeof doorOf>) => boolean, withinMs?: number): Promise<ReturnType<typeof doorOf>> {
  return until(`deployment ${id}`, () => doorOf(sim, id), holds, withinMs);
}

/** The words that went with the verdict. */
export function verdictOn(sim: Simulator, run: number): readonly { readonly state: string; readonly comment: string }[] {
  const repo = sim.world.repos.get(sim.world.repoNames.get(shop) ?? 0);
  return (repo?.runs.get(run)?.answers ?? []).filter((answer) => answer.appId === appId);
}

export async function checkSays(sim: Simulator, sha: string, environment: string, holds: (run: CheckRunSeen) => boolean): Promise<CheckRunSeen> {
  const seen = await until(`check run of ${environment}`, () => checkRunsOn(sim, shop, sha).filter((run) => run.name === `gatehouse / ${environment}`), (runs) => runs.some(holds));
  const run = seen.find(holds);
  if (run === undefined) throw new Error("unreachable");
  return run;
}

export function headOf(sim: Simulator, branch = "main"): string {
  const repo = sim.world.repos.get(sim.world.repoNames.get(shop) ?? 0);
  const sha = repo?.refs.get(`refs/heads/${branch}`);
  if (sha === undefined) throw new Error(`no branch ${branch}`);
  return sha;
}

/** Calls of the gate that are neither tokens nor tags of its own. */
export const callsOf = (sim: Simulator): readonly string[] => sim.calls.filter((call) => !call.isToken).map((call) => `${call.method} ${call.path.replace(/\?.*/, "")} ${call.status}`);
