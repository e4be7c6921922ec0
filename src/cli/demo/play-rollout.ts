import { log, note } from "@clack/prompts";
import type { Stage } from "./stage.ts";
import { checkRun, plain, waitFor } from "./see.ts";

const repo = "acme/fleet";
const rings = ["staging", "production-10", "production-50", "production"] as const;

/** Seconds, where a real policy has an hour: long enough to be seen, short enough for a demo. */
const policy = `version: 1
rules:
  - name: canary
    when: { environments: [production-10] }
    require: { promoted_from: { environment: staging, bake: 1s } }
  - name: half
    when: { environments: [production-50] }
    require: { promoted_from: { environment: production-10, bake: 1s } }
  - name: whole
    when: { environments: [production] }
    require: { promoted_from: { environment: production-50, bake: 1s } }
`;

type Goes = (
  environment: (typeof rings)[number],
  sha: string,
  state?: "success" | "failure",
) => Promise<void>;

/** A commit that runs everywhere already, to which one may go back; it takes its time, in which something else is shown. */
export async function prepareRollout({ sim }: Stage): Promise<Goes> {
  const { sha } = sim.repo({
    name: repo,
    files: { ".github/gatehouse.yml": policy, "src/route.ts": "export const route = 1;\n" },
  });
  for (const login of ["ada", "bob"]) sim.collaborator({ repo, login, role: "write" });
  for (const name of rings) sim.environment({ repo, name, gate: true });
  const repository = sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0);
  /** Asks, and finishes once the gate has let it through by itself. */
  const goes: Goes = async (environment, commit, state = "success") => {
    const [deployment] = sim.deploy({ repo, environment, sha: commit, actor: "bob" }).deployments;
    const id = deployment?.id ?? 0;
    await waitFor(`${environment} to open`, () =>
      repository?.deployments.get(id)?.gate?.state === "approved" ? true : undefined,
    );
    sim.finishDeployment({ repo, deployment: id, state });
  };
  for (const environment of rings.slice(0, 3)) await goes(environment, sha);
  return goes;
}

/** A commit that goes through its rings, each opening by itself, until one fails: that closes the next and says how to go back. */
export async function playRollout({ sim }: Stage, goes: Goes): Promise<void> {
  note(policy.trim(), `${repo}, .github/gatehouse.yml on the default branch`, {
    format: (line) => line,
  });
  const repository = sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0);
  const { number, headSha } = sim.openPull({
    repo,
    title: "Shorter routes",
    author: "ada",
    head: "routes",
    files: { "src/route.ts": "export const route = 2;\n" },
  });
  await waitFor("a green check", () =>
    checkRun(sim, repo, headSha, "gatehouse", (seen) => seen.conclusion === "success"),
  );
  sim.mergePull({ repo, number, by: "bob" });
  const sha = repository?.refs.get("refs/heads/main") ?? "";

  log.step(
    "A change was merged and goes out in rings. A deployment that is asked for too early waits; each ring opens by itself once the one before has baked.",
  );
  await goes("staging", sha);
  await goes("production-10", sha);
  log.step("production-50 fails. That closes what comes after it, and the one comment says so.");
  await goes("production-50", sha, "failure");
  sim.deploy({ repo, environment: "production", sha, actor: "bob" });
  const said = await waitFor("the comment", () =>
    repository?.issues
      .get(number)
      ?.comments.map(({ body }) => body)
      .find(
        (body) =>
          body.includes("production-50 failed") &&
          body.includes("/gate rollback") &&
          body.includes("held"),
      ),
  );
  note(asLines(said), `Comment on #${number} of ${repo}`, { format: (line) => line });
}

const readable = (markdown: string): string =>
  (markdown.includes("/gate") ? markdown : plain(markdown))
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, "$1")
    .replaceAll("\u2060", "")
    .replaceAll("\\", "")
    .replaceAll("**", "");

/** The table of the comment, a ring a block. */
function asLines(body: string): string {
  const lines = body.split("\n").filter((line) => line !== "" && !line.startsWith("|---"));
  const title = lines.find((line) => line.includes("Rollout of")) ?? "";
  const rows = lines
    .filter((line) => line.startsWith("| ") && !line.startsWith("| Ring |"))
    .flatMap((line) => {
      const [ring = "", state = "", , next = ""] = line.slice(2, -2).split(" | ");
      return [
        `${readable(ring)}: ${readable(state)}`,
        ...next
          .split("<br>")
          .filter((text) => text.trim() !== "")
          .map((text) => `     ${readable(text)}`),
      ];
    });
  return [readable(title), "", ...rows].join("\n");
}
