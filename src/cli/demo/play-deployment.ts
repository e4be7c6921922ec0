import { log, note } from "@clack/prompts";
import type { Stage } from "./stage.ts";
import { checkRun, shown, waitFor } from "./see.ts";

const repo = "acme/warehouse";
/** Long enough to be seen held, short enough for a demo. */
const frozenForMs = 8000;

const local = (at: number): string => new Date(at).toISOString().slice(0, 19);

const policy = (now: number): string => `version: 1
rules:
  - name: not-frozen
    when: { environments: [production] }
    require: { not_frozen: true }
freezes:
  - name: stocktaking
    timezone: UTC
    environments: [production]
    during: { from: "${local(now - 3_600_000)}", until: "${local(now + frozenForMs)}" }
    reason: The warehouse counts its stock.
`;

/** A production deployment that a freeze holds; the gate approves it by itself when the freeze ends. `meanwhile`: played while it waits. */
export async function playDeployment(
  { sim }: Stage,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const text = policy(Date.now());
  const { sha } = sim.repo({
    name: repo,
    files: { ".github/gatehouse.yml": text, "src/stock.ts": "export const stock = 1;\n" },
  });
  sim.environment({ repo, name: "production", gate: true });
  note(text.trim(), `${repo}, .github/gatehouse.yml on the default branch`, {
    format: (line) => line,
  });

  log.step(
    "A workflow wants to deploy to production. The environment's protection rule asks the gate, and waits.",
  );
  const { run, deployments } = sim.deploy({ repo, environment: "production", sha, actor: "ada" });
  const held = shown(
    await waitFor("the held deployment", () =>
      checkRun(sim, repo, sha, "gatehouse / production", (seen) => seen.status === "in_progress"),
    ),
  );
  note(held.body, held.headline, { format: (line) => line });

  await meanwhile();

  log.step(
    "Nobody did anything about the freeze. It ends, everything is read again, and the gate answers by itself.",
  );
  const open = shown(
    await waitFor("the approval", () =>
      checkRun(sim, repo, sha, "gatehouse / production", (seen) => seen.conclusion === "success"),
    ),
  );
  note(open.body, open.headline, { format: (line) => line });
  const id = sim.world.repoNames.get(repo);
  const repository = id === undefined ? undefined : sim.world.repos.get(id);
  const state = await waitFor("the gate's answer", () => {
    const gate = repository?.deployments.get(deployments[0]?.id ?? 0)?.gate;
    return gate === undefined || gate === null || gate.state === "waiting" ? undefined : gate.state;
  });
  log.success(`Workflow run ${run}: the deployment to production was ${state} by the gate.`);
}
