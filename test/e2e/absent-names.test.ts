import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { calm, checkRunsOn, gateSays, runGatehouse, type Gatehouse } from "./harness.ts";

const file = ".github/gatehouse.yml";
let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];

beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  sim = gatehouse.sim;
  sim.org({ login: "acme", members: ["ada", "bob"] });
  sim.team({ org: "acme", slug: "security", members: ["bob"] });
});
afterAll(() => gatehouse.stop());

function opened(name: string, policy: string): { repo: string; number: number; headSha: string } {
  const repo = `acme/${name}`;
  sim.repo({ name: repo, files: { "src/a.ts": "1\n", [file]: policy } });
  sim.collaborator({ repo, login: "ada", role: "write" });
  const pull = sim.openPull({
    repo,
    author: "ada",
    head: "x",
    title: "x",
    files: { "b.ts": "1\n" },
  });
  return { repo, ...pull };
}

const reviewed = (who: string): string =>
  `version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1, ${who} } }\n`;
/** As a reader sees it. */
const seen = (summary: string | null | undefined): string =>
  (summary ?? "").replaceAll(/[\u2060\\]/g, "");

describe("names that do not exist", () => {
  it("W36: an unknown team is named, with line, nearest name and remedy, until it is made", async () => {
    const { repo, headSha } = opened("shop", reviewed("teams: [securty]"));
    const run = await gateSays(sim, repo, headSha, ({ summary }) =>
      seen(summary).includes("does not exist; did you mean"),
    );
    expect(run.conclusion).not.toBe("success");
    expect(seen(run.summary)).toMatch(
      /policy, line 4: rules\[0\].require.reviews.teams\[0\]: @acme\/securty does not exist; did you mean @acme\/security\? Else an administrator/,
    );
    expect(seen(run.summary)).toMatch(
      /(?:Nobody can do it: @acme\/securty does not exist\. An|There is no team @acme\/securty that this App can see: an) administrator/,
    );
    expect(seen(run.summary)).not.toMatch(/One of @acme\/securty/);
    sim.team({ org: "acme", slug: "securty", members: ["bob"] });
    const after = await gateSays(
      sim,
      repo,
      headSha,
      ({ summary }) => !seen(summary).includes("does not exist"),
    );
    expect(seen(after.summary)).toMatch(/One of @acme\/securty/);
  });

  it("W36: unknown users, environments and labels are named; what is there is not", async () => {
    const policy = `version: 1
rules:
  - name: reviewed
    require: { reviews: { approvals: 1, users: [bob, nobody-of-that-name], teams: [security] } }
  - name: labelled
    require: { labels: { all: [qa, qaa] } }
  - name: release
    when: { environments: [production, produktion] }
    require: { approvals: { count: 1 } }
`;
    const repo = "acme/named";
    sim.repo({ name: repo, files: { "src/a.ts": "1\n" } });
    const first = sim.openPull({
      repo,
      author: "bob",
      head: "first",
      title: "x",
      files: { "c.ts": "1\n" },
    });
    sim.label({ repo, number: first.number, label: "qa", by: "bob" });
    sim.environment({ repo, name: "production", gate: true });
    sim.commit({ repo, branch: "main", files: { [file]: policy }, author: "bob" });
    sim.collaborator({ repo, login: "ada", role: "write" });
    const { headSha } = sim.openPull({
      repo,
      author: "ada",
      head: "x",
      title: "x",
      files: { "b.ts": "1\n" },
    });
    const run = await gateSays(sim, repo, headSha, ({ summary }) =>
      seen(summary).includes("does not exist"),
    );
    const words = seen(run.summary);
    expect(words).toMatch(/line 4: .*@nobody-of-that-name does not exist/);
    expect(words).toMatch(/line 6: .*the label "qaa" does not exist; did you mean "qa"\?/);
    expect(words).toMatch(
      /line 8: .*the environment "produktion" does not exist; did you mean "production"\?/,
    );
    expect(words.match(/does not exist[;:]/g)).toHaveLength(4);
  });

  it("W36: a pull request that names one is told in `gatehouse / policy`, on its line", async () => {
    const { repo } = opened("proposed", reviewed("teams: [security]"));
    const { headSha } = sim.openPull({
      repo,
      author: "ada",
      head: "policy",
      title: "policy",
      files: { [file]: reviewed("teams: [nope]") },
    });
    await calm(gatehouse);
    const run = checkRunsOn(sim, repo, headSha).find(({ name }) => name === "gatehouse / policy");
    expect(run?.annotations).toContainEqual(
      expect.objectContaining({
        path: file,
        start_line: 4,
        annotation_level: "warning",
        message: expect.stringMatching(/@acme\/nope does not exist/),
      }),
    );
  });

  it("W36: where GitHub keeps it to itself, nothing is said; and no pull request costs a call more", async () => {
    sim.org({ login: "quiet", members: ["ada"] });
    sim.setPermissions({
      account: "quiet",
      permissions: { checks: "write", contents: "read", metadata: "read", pull_requests: "read" },
    });
    const repo = "quiet/shop";
    sim.repo({ name: repo, files: { "src/a.ts": "1\n", [file]: reviewed("teams: [nope]") } });
    sim.collaborator({ repo, login: "ada", role: "write" });
    const { headSha } = sim.openPull({
      repo,
      author: "ada",
      head: "x",
      title: "x",
      files: { "b.ts": "1\n" },
    });
    const run = await gateSays(sim, repo, headSha, ({ status }) => status !== "queued");
    await calm(gatehouse);
    expect(seen(run.summary)).not.toContain("does not exist");

    const other = opened("calls", reviewed("teams: [nope], users: [ghost-writer]"));
    await gateSays(sim, other.repo, other.headSha, ({ summary }) =>
      seen(summary).includes("does not exist"),
    );
    await calm(gatehouse);
    sim.resetCalls();
    const next = sim.openPull({
      repo: other.repo,
      author: "ada",
      head: "y",
      title: "y",
      files: { "c.ts": "1\n" },
    });
    await gateSays(sim, other.repo, next.headSha, ({ summary }) =>
      seen(summary).includes("does not exist"),
    );
    await calm(gatehouse);
    expect(
      sim.calls.filter(({ path }) => /\/(?:teams|users|labels|environments)(?:\/|\?|$)/.test(path)),
    ).toEqual([]);
  });
});
