import { startProcess } from "../test/support/gate-process.ts";
import { pointsOf } from "./points.ts";
import { seconds, type Row } from "./row.ts";
import { appId, countedCalls, openWorld, quiet, until } from "./world.ts";

const organizationPolicy = `
version: 1
rules:
  - name: reviewed
    require: { reviews: { approvals: 1 } }
  - name: free
    require: { not_frozen: true }
    applies_to: deployment
`;

const repositories = 5_000;
const busy = 100;
const pullsEach = 2;
/** What an installation of so many repositories may spend in an hour, on either API (docs.github.com). */
const hourlyQuota = 12_500;
const sweepsAnHour = 18;

/**
 * An organisation of 5,000 repositories with 200 open pull requests: what was never sent, in both directions, and what
 * looking for it costs when nothing happens.
 */
export async function run(): Promise<readonly Row[]> {
  const queries: string[] = [];
  const world = await openWorld("version: 1\nrules: []\n", {
    simulator: {
      onExchange: ({ path, requestBody }) => {
        if (path === "/graphql" && typeof requestBody === "object" && requestBody !== null)
          if ("query" in requestBody) queries.push(String(requestBody.query));
      },
    },
  });
  const { sim } = world;
  try {
    sim.deliveryFault({ suppress: true });
    sim.repo({ name: "acme/.github", files: { ".github/gatehouse.yml": organizationPolicy } });
    const names = Array.from({ length: repositories - 2 }, (_, n) => `acme/r${n}`);
    for (const name of names) sim.repo({ name, files: { "a.txt": "1\n" } });
    const pulls = names.slice(0, busy).flatMap((repo) => {
      sim.collaborator({ repo, login: "bob", role: "write" });
      return Array.from({ length: pullsEach }, (_, n) => ({
        repo,
        ...sim.openPull({ repo, author: "ada", head: `b${n}`, files: { "a.txt": `${n}\n` } }),
        review: { id: 0 },
      }));
    });
    const stateOf = (repo: string, sha: string): string | null | undefined =>
      [...(sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.checkRuns.values() ?? [])]
        .filter((one) => one.appId === appId && one.headSha === sha && one.name === "gatehouse")
        .at(-1)?.conclusion;
    const all = (conclusion: string | null): boolean =>
      pulls.every(({ repo, headSha }) => stateOf(repo, headSha) === conclusion);
    sim.resetCalls();
    sim.clearDeliveryFaults();
    // The App is installed there while nothing is known of it.
    await world.gate.kill("SIGKILL");
    world.gate = await startProcess(sim, world.site, world.process);
    const first = await until("200 pull requests to be found", () => all(null), 900_000);
    await quiet(sim, 5_000);
    const discovery = countedCalls(sim).length;

    sim.deliveryFault({ suppress: true });
    for (const pull of pulls)
      pull.review = sim.review({
        repo: pull.repo,
        number: pull.number,
        by: "bob",
        state: "approve",
      });
    const green = await until("what was approved to be green", () => all("success"), 400_000);
    await quiet(sim, 3_000);
    for (const { repo, number, review } of pulls)
      sim.dismissReview({ repo, number, id: review.id, by: "ada" });
    const back = await until("what was dismissed to wait", () => all(null), 400_000);
    await quiet(sim, 3_000);

    // What changed is searched for with an overlap of five minutes; then two sweeps in which nothing happens.
    await new Promise((resolve) => setTimeout(resolve, 400_000));
    sim.resetCalls();
    queries.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 2 * 200_000));
    const calls = countedCalls(sim).filter(({ path }) => !path.startsWith("/app")).length / 2;
    const points = queries.reduce((sum, query) => sum + pointsOf(query), 0) / 2;
    const inFive = (ms: number): boolean => ms <= 300_000;
    return [
      row("200 approvals that were never sent", "≤ 300 s", seconds(green), inFive(green)),
      row("200 dismissals that were never sent", "≤ 300 s", seconds(back), inFive(back)),
      perHour("calls an hour while nothing happens", calls * sweepsAnHour),
      perHour("GraphQL points an hour while nothing happens", points * sweepsAnHour),
      row(
        "first contact with 5,000 repositories",
        "–",
        `${seconds(first)}, ${discovery} calls`,
        null,
      ),
    ];
  } finally {
    await world.close();
  }
}

const row = (name: string, budget: string, measured: string, kept: boolean | null): Row => ({
  name,
  budget,
  measured,
  kept,
});

const perHour = (name: string, measured: number): Row =>
  row(
    name,
    `≤ ${hourlyQuota / 100} (1 % of ${hourlyQuota})`,
    String(Math.round(measured)),
    measured <= hourlyQuota / 100,
  );
