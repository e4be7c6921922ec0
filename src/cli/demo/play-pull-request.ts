import { log, note } from "@clack/prompts";
import type { Stage } from "./stage.ts";
import { checkRun, shown, waitFor, type SeenCheckRun } from "./see.ts";

const repo = "acme/shop";

const policy = `version: 1
rules:
  - name: reviewed
    description: Somebody else looks at every change.
    require: { reviews: { approvals: 1 } }
  - name: tests
    require: { checks: { names: [unit], app: github-actions } }
  - name: small
    enforcement: evaluate
    require: { size: { max_lines: 400 } }
`;

const hole = `version: 1
rules:
  - name: reviewed
    require: { reviews: { aprovals: 0 } }
`;

function show(run: SeenCheckRun): void {
  const { headline, body } = shown(run);
  note(body, headline, { format: (line) => line });
}

/** A pull request from opening to green, and an attempt to edit the gate on the way. */
export async function playPullRequest({ sim }: Stage): Promise<void> {
  sim.repo({
    name: repo,
    files: { ".github/gatehouse.yml": policy, "src/cart.ts": "export const total = 0;\n" },
  });
  sim.collaborator({ repo, login: "ada", role: "write" });
  sim.collaborator({ repo, login: "bob", role: "write" });
  note(policy.trim(), "acme/shop, .github/gatehouse.yml on the default branch", {
    format: (line) => line,
  });

  log.step("ada opens a pull request.");
  const { number, headSha } = sim.openPull({
    repo,
    title: "Count the cart",
    author: "ada",
    head: "cart",
    files: { "src/cart.ts": "export const total = 1;\n" },
  });
  show(
    await waitFor("the first answer", () =>
      checkRun(sim, repo, headSha, "gatehouse", (run) => run.status === "in_progress"),
    ),
  );

  log.step("ada approves her own change. Nothing changes: an author does not count.");
  sim.review({ repo, number, by: "ada", state: "approve" });
  await sim.settled();

  log.step(
    "A check named `unit` is posted by a workflow's token, without a job behind it; then the real job fails.",
  );
  sim.checkRun({
    repo,
    sha: headSha,
    name: "unit",
    app: "github-actions",
    status: "completed",
    conclusion: "success",
  });
  const { id: run } = sim.workflowRun({
    repo,
    sha: headSha,
    path: ".github/workflows/ci.yml",
    jobs: [{ name: "unit", status: "completed", conclusion: "failure" }],
  });
  show(
    await waitFor("a red check", () =>
      checkRun(sim, repo, headSha, "gatehouse", (seen) => seen.conclusion === "failure"),
    ),
  );

  log.step("The job is run again and passes; bob reviews and approves.");
  sim.rerun({ repo, run, by: "ada" });
  sim.job({ repo, run, name: "unit", status: "completed", conclusion: "success" });
  sim.review({ repo, number, by: "bob", state: "approve" });
  show(
    await waitFor("a green check", () =>
      checkRun(sim, repo, headSha, "gatehouse", (seen) => seen.conclusion === "success"),
    ),
  );

  log.step(
    "eve tries to open the gate from inside a pull request. The policy of the default branch goes on judging.",
  );
  const evil = sim.openPull({
    repo,
    title: "Tidy up",
    author: "eve",
    head: "tidy",
    files: { ".github/gatehouse.yml": hole },
  });
  show(
    await waitFor("the policy check", () =>
      checkRun(
        sim,
        repo,
        evil.headSha,
        "gatehouse / policy",
        (seen) => seen.status === "completed",
      ),
    ),
  );
  show(
    await waitFor("the gate", () =>
      checkRun(sim, repo, evil.headSha, "gatehouse", (seen) => seen.status === "in_progress"),
    ),
  );
}
