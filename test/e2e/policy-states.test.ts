import { afterEach, describe, expect, it } from "vitest";
import { calm, checkRunsOn, gateSays, runGatehouse, until, type Gatehouse } from "./harness.ts";

const good = "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1 } }\n";
const broken =
  "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { aprovals: 1 } }\n";
const lax =
  "version: 1\nrules:\n  - name: reviewed\n    enforcement: disabled\n    require: { reviews: {} }\n";
const repo = "acme/shop";

let gatehouse: Gatehouse;
afterEach(async () => {
  await gatehouse.stop();
});

async function world(policy: string | null, organization?: string): Promise<Gatehouse["sim"]> {
  gatehouse = await runGatehouse({ skipsWaits: true });
  const { sim } = gatehouse;
  sim.org({ login: "acme", members: ["ada", "bob", "eve"] });
  if (organization !== undefined)
    sim.repo({ name: "acme/.github", files: { ".github/gatehouse.yml": organization } });
  sim.repo({
    name: repo,
    files: { "src/a.ts": "1\n", ...(policy === null ? {} : { ".github/gatehouse.yml": policy }) },
  });
  sim.collaborator({ repo, login: "bob", role: "write" });
  return sim;
}

const open = (
  sim: Gatehouse["sim"],
  head = "topic",
  files: Record<string, string | null> = { "src/a.ts": `${head}\n` },
): { number: number; headSha: string } => sim.openPull({ repo, author: "ada", head, files });

describe("where policy lives", () => {
  it("leaves a repository without any policy alone", async () => {
    const sim = await world(null);
    const { headSha } = open(sim);
    await calm(gatehouse);
    expect(checkRunsOn(sim, repo, headSha)).toEqual([]);
  });

  it("T16: a policy that was never valid fails, naming the place", async () => {
    const sim = await world(broken);
    const run = await gateSays(
      sim,
      repo,
      open(sim).headSha,
      (seen) => seen.conclusion === "failure",
    );
    expect(run.title).toContain("4:");
    expect(run.title).toContain('did you mean "approvals"');
  });

  it("T16: after an invalid edit the last good policy goes on judging, and says so", async () => {
    const sim = await world(good);
    const { number, headSha } = open(sim);
    await gateSays(sim, repo, headSha, (seen) => seen.status === "in_progress");
    sim.commit({ repo, files: { ".github/gatehouse.yml": broken }, author: "eve" });
    const told = await gateSays(sim, repo, headSha, (seen) =>
      /Policy error/.test(seen.title ?? ""),
    );
    expect(told.summary).toContain("last valid policy");
    sim.review({ repo, number, by: "bob", state: "approve" });
    await gateSays(
      sim,
      repo,
      headSha,
      (seen) => seen.conclusion === "success" && /Policy error/.test(seen.title ?? ""),
    );
  });

  it("T16: a policy that was removed fails until it is back", async () => {
    const sim = await world(good);
    const { headSha } = open(sim);
    await gateSays(sim, repo, headSha, (seen) => seen.status === "in_progress");
    sim.commit({ repo, files: { ".github/gatehouse.yml": null }, author: "eve" });
    const gone = await gateSays(sim, repo, headSha, (seen) => seen.conclusion === "failure");
    expect(gone.title).toMatch(/removed/);
    sim.commit({ repo, files: { ".github/gatehouse.yml": good }, author: "eve" });
    await gateSays(sim, repo, headSha, (seen) => seen.status === "in_progress");
  });

  it("lets a policy be retired by enforcement: disabled, and then be deleted", async () => {
    const sim = await world(good);
    const { headSha } = open(sim);
    await gateSays(sim, repo, headSha, (seen) => seen.status === "in_progress");
    sim.commit({
      repo,
      files: { ".github/gatehouse.yml": `enforcement: disabled\n${good}` },
      author: "ada",
    });
    await gateSays(sim, repo, headSha, (seen) => seen.conclusion === "success");
    sim.commit({ repo, files: { ".github/gatehouse.yml": null }, author: "ada" });
    await calm(gatehouse);
    const later = open(sim, "later");
    await calm(gatehouse);
    expect(checkRunsOn(sim, repo, later.headSha)).toEqual([]);
  });

  it("T13: the policy of the head decides nothing; it gets a check run of its own", async () => {
    const sim = await world(good);
    const { headSha } = open(sim, "lax", { ".github/gatehouse.yml": lax });
    await gateSays(sim, repo, headSha, (seen) => seen.status === "in_progress");
    const preview = await until(
      "gatehouse / policy",
      () => checkRunsOn(sim, repo, headSha).find((run) => run.name === "gatehouse / policy"),
      (seen) => seen?.conclusion === "success",
    );
    expect(preview?.title).toContain("valid");
  });

  it("annotates a broken proposal on its line", async () => {
    const sim = await world(good);
    const { headSha } = open(sim, "bad", { ".github/gatehouse.yml": broken });
    const preview = await until(
      "gatehouse / policy",
      () => checkRunsOn(sim, repo, headSha).find((run) => run.name === "gatehouse / policy"),
      (seen) => seen?.conclusion === "failure",
    );
    expect(preview?.annotations).toEqual([
      expect.objectContaining({ path: ".github/gatehouse.yml", start_line: 4 }),
    ]);
  });

  it("T17: a symlink is not a policy", async () => {
    const sim = await world(null);
    sim.commit({
      repo,
      files: { "other.yml": lax, ".github/gatehouse.yml": { symlink: "../other.yml" } },
      author: "eve",
    });
    const run = await gateSays(
      sim,
      repo,
      open(sim).headSha,
      (seen) => seen.conclusion === "failure",
    );
    expect(run.title).toMatch(/symlink/);
  });

  it("judges by the organisation's policy where the repository has none, and by both where it has", async () => {
    const organization =
      'version: 1\nrules:\n  - name: worded\n    require: { title: { pattern: "^feat: " } }\n';
    const sim = await world(null, organization);
    const run = await gateSays(
      sim,
      repo,
      open(sim).headSha,
      (seen) => seen.conclusion === "failure",
    );
    expect(run.summary).toContain("worded");
    sim.commit({ repo, files: { ".github/gatehouse.yml": good }, author: "ada" });
    const both = await gateSays(
      sim,
      repo,
      open(sim, "second").headSha,
      (seen) => /reviewed/.test(seen.summary ?? "") && /worded/.test(seen.summary ?? ""),
    );
    expect(both.conclusion).toBe("failure");
  });

  it("lets no repository loosen what the organisation fixed", async () => {
    const organization =
      "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 2 } }\n";
    const sim = await world(good, organization);
    const { number, headSha } = open(sim);
    sim.review({ repo, number, by: "bob", state: "approve" });
    const run = await gateSays(
      sim,
      repo,
      headSha,
      (seen) =>
        seen.status === "in_progress" &&
        /1 more approval|2 approvals|1 of 2/.test(`${seen.title} ${seen.summary}`),
    );
    expect(run.summary).toMatch(/ignored/);
  });
});
