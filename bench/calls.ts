import type { Row } from "./row.ts";
import { countedCalls, gateRuns, openWorld, quiet, repo, until } from "./world.ts";

const policy = `
version: 1
rules:
  - name: reviewed
    require: { reviews: { approvals: 1 } }
  - name: tests
    require: { checks: { names: [unit, lint], app: ci } }
`;

/** Calls to GitHub per event, warm: tokens are cached by then and not counted. */
export async function run(): Promise<readonly Row[]> {
  const world = await openWorld(policy);
  const { sim } = world;
  const rows: Row[] = [];
  const measure = async (
    name: string,
    limit: number,
    act: () => void,
    after?: () => Promise<unknown>,
  ): Promise<void> => {
    await quiet(sim);
    sim.resetCalls();
    act();
    if (after !== undefined) await after();
    await quiet(sim);
    const calls = countedCalls(sim);
    const writes = calls.filter((call) => call.method !== "GET" && call.path !== "/graphql").length;
    rows.push({
      name,
      budget: `≤ ${limit} calls`,
      measured: `${calls.length} calls, ${writes} writes`,
      kept: calls.length <= limit,
    });
  };
  try {
    sim.openPull({ repo, author: "ada", head: "warm", files: { "src/warm.ts": "1\n" } });
    await until("the first check run", () => gateRuns(sim).length > 0);

    let pull = { number: 0, headSha: "" };
    await measure("pull request opened", 2, () => {
      pull = sim.openPull({ repo, author: "ada", head: "b1", files: { "src/b1.ts": "1\n" } });
    });
    // One more where the approval turns it green: head, base and stack are always read again before that.
    await measure("pull request approved", 2, () =>
      sim.review({ repo, number: pull.number, by: "bob", state: "approve" }),
    );
    await measure("comment without a command", 0, () =>
      sim.comment({ repo, number: pull.number, by: "bob", body: "Looks good to me." }),
    );
    await measure("label no rule listens to", 0, () =>
      sim.label({ repo, number: pull.number, label: "docs", by: "bob" }),
    );
    await measure("check no rule names", 0, () =>
      sim.checkRun({
        repo,
        sha: pull.headSha,
        name: "spelling",
        app: "ci",
        status: "completed",
        conclusion: "success",
      }),
    );
    await measure("50 check events after a push", 6, () => {
      const { sha } = sim.commit({
        repo,
        branch: "b1",
        files: { "src/b1.ts": "2\n" },
        author: "ada",
      });
      for (let n = 0; n < 25; n += 1) {
        for (const name of ["unit", "lint"])
          sim.checkRun({
            repo,
            sha,
            name,
            app: "ci",
            status: n === 24 ? "completed" : "in_progress",
            ...(n === 24 ? { conclusion: "success" } : {}),
          });
      }
    });
    await measure("re-run asked of an unchanged pull request", 1, () =>
      sim.review({ repo, number: pull.number, by: "ada", state: "comment" }),
    );
    return rows;
  } finally {
    await world.close();
  }
}
