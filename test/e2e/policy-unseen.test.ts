import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { doorOf, isHeld, knock, type Asked } from "./deployments-world.ts";
import {
  calm,
  checkRunsOn,
  gateSays,
  runGatehouse,
  type CheckRunSeen,
  type Gatehouse,
} from "./harness.ts";

const file = ".github/gatehouse.yml";
const policy = `version: 1
rules:
  - name: worded
    require: { title: { pattern: "^feat: " } }
  - name: release
    when: { environments: [production] }
    require: { approvals: { count: 1 } }
`;

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];

beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  sim = gatehouse.sim;
});
afterAll(() => gatehouse.stop());

interface Org {
  readonly org: string;
  readonly repo: string;
  readonly asked: Asked;
}

/** An organisation of its own whose policy has judged a pull request and holds a deployment. */
async function governed(org: string, own: string | null = null): Promise<Org> {
  sim.org({ login: org, members: ["ada", "bob", "dave"] });
  sim.repo({ name: `${org}/.github`, files: { [file]: policy } });
  const repo = `${org}/shop`;
  sim.repo({
    name: repo,
    files: { "src/a.ts": "1\n", ...(own === null ? {} : { [file]: own }) },
  });
  sim.collaborator({ repo, login: "ada", role: "write" });
  sim.environment({ repo, name: "production", gate: true });
  await says(repo, "first", "x", ({ conclusion }) => conclusion === "failure");
  const asked = knock(sim, repo, { actor: "dave" });
  await isHeld(sim, asked, /approval/);
  return { org, repo, asked };
}

async function says(
  repo: string,
  head: string,
  title: string,
  holds: (run: CheckRunSeen) => boolean,
): Promise<CheckRunSeen> {
  const { headSha } = sim.openPull({
    repo,
    author: "ada",
    head,
    title,
    files: { [`src/${head}.ts`]: "1\n" },
  });
  return gateSays(sim, repo, headSha, holds);
}

const goesOn = ({ title, summary }: CheckRunSeen): boolean =>
  /Policy error in .*\.github/u.test(title ?? "") && /goes on judging/u.test(summary ?? "");

/** Binds as before, and says why it cannot be read. */
async function expectBinding({ repo, asked }: Org, why: RegExp): Promise<void> {
  const denied = await says(
    repo,
    "after",
    "x",
    (run) => run.conclusion === "failure" && goesOn(run),
  );
  expect(denied.title).toMatch(why);
  await says(repo, "worded", "feat: y", (run) => run.conclusion === "success" && goesOn(run));
  const later = knock(sim, repo, { actor: "dave" });
  await isHeld(sim, later, /approval/);
  expect(doorOf(sim, asked).state).toBe("waiting");
}

describe("a policy that was seen and is seen no more", () => {
  it.each<[string, (org: string) => void, RegExp]>([
    [
      "taken out of the installation",
      (org) => sim.selectRepos({ account: org, repos: [`${org}/shop`] }),
      /cannot be seen any more/,
    ],
    ["deleted", (org) => sim.deleteRepo({ repo: `${org}/.github` }), /cannot be seen any more/],
    [
      "renamed",
      (org) => sim.renameRepo({ repo: `${org}/.github`, to: "dot-github" }),
      /cannot be seen any more/,
    ],
    [
      "emptied",
      (org) => sim.commit({ repo: `${org}/.github`, files: { [file]: null }, author: "bob" }),
      /removed without being retired/,
    ],
    [
      "deleted and made anew",
      (org) => {
        sim.deleteRepo({ repo: `${org}/.github` });
        sim.repo({ name: `${org}/.github`, files: { "README.md": "new\n" } });
      },
      /is another repository|cannot be seen any more/,
    ],
  ])("W1: the organisation's binds when its repository was %s", async (way, change, why) => {
    const org = await governed(way.replaceAll(" ", "-"));
    change(org.org);
    await calm(gatehouse);
    await expectBinding(org, why);
  });

  it("W1: also after a restart that remembers nothing, until it is retired", async () => {
    const org = await governed("restarted");
    sim.selectRepos({ account: org.org, repos: [org.repo] });
    await calm(gatehouse);
    await gatehouse.restart();
    await expectBinding(org, /cannot be seen any more/);
    sim.selectRepos({ account: org.org, repos: "all" });
    await says(org.repo, "back", "x", (run) => run.conclusion === "failure" && !goesOn(run));
    sim.commit({
      repo: `${org.org}/.github`,
      files: { [file]: `enforcement: disabled\n${policy}` },
      author: "bob",
    });
    await calm(gatehouse);
    sim.commit({ repo: `${org.org}/.github`, files: { [file]: null }, author: "bob" });
    await calm(gatehouse);
    const { headSha } = sim.openPull({
      repo: org.repo,
      author: "ada",
      head: "free",
      title: "x",
      files: { "src/free.ts": "1\n" },
    });
    await calm(gatehouse);
    expect(checkRunsOn(sim, org.repo, headSha)).toEqual([]);
  });

  it("W1: a preset that is shared binds as it was last good", async () => {
    sim.org({ login: "sharing", members: ["ada", "bob"] });
    sim.repo({ name: "sharing/rules", files: { "base.yml": policy } });
    const repo = "sharing/shop";
    sim.repo({
      name: repo,
      files: { "src/a.ts": "1\n", [file]: "version: 1\nextends: sharing/rules:base.yml@main\n" },
    });
    sim.collaborator({ repo, login: "ada", role: "write" });
    await says(repo, "first", "x", ({ conclusion }) => conclusion === "failure");
    sim.deleteRepo({ repo: "sharing/rules" });
    await gatehouse.restart();
    const names = "sharing/rules:base.yml@main";
    await says(
      repo,
      "after",
      "x",
      ({ conclusion, title }) => conclusion === "failure" && title?.includes(names) === true,
    );
    await says(repo, "worded", "feat: y", ({ conclusion }) => conclusion === "success");
  });

  it("W1: a repository's own that is gone holds its deployments, and is not taken for none", async () => {
    sim.org({ login: "owning", members: ["ada", "bob", "dave"] });
    const repo = "owning/shop";
    sim.repo({ name: repo, files: { "src/a.ts": "1\n", [file]: policy } });
    sim.collaborator({ repo, login: "ada", role: "write" });
    sim.environment({ repo, name: "production", gate: true });
    await says(repo, "first", "x", ({ conclusion }) => conclusion === "failure");
    sim.commit({ repo, files: { [file]: null }, author: "bob" });
    await calm(gatehouse);
    await isHeld(sim, knock(sim, repo, { actor: "dave" }), /removed without being retired/);
    const run = await says(repo, "worded", "feat: y", ({ conclusion }) => conclusion === "failure");
    expect(run.title).toMatch(/removed without being retired/);
  });
});

describe("what is not installed", () => {
  it("W5: a public .github outside the installation neither judges nor ends anything", async () => {
    sim.org({ login: "choosy", members: ["ada", "bob", "dave"], install: false });
    sim.repo({ name: "choosy/.github", files: { [file]: policy } });
    const own = policy.replace("^feat: ", "^fix: ");
    const repo = "choosy/shop";
    sim.repo({ name: repo, files: { "src/a.ts": "1\n", [file]: own } });
    sim.collaborator({ repo, login: "ada", role: "write" });
    sim.environment({ repo, name: "production", gate: true });
    sim.installApp({ account: "choosy", repos: [repo] });
    await says(repo, "fixing", "fix: x", ({ conclusion }) => conclusion === "success");
    await says(repo, "other", "feat: x", ({ conclusion }) => conclusion === "failure");
    await isHeld(sim, knock(sim, repo, { actor: "dave" }), /approval/);
  });
});
