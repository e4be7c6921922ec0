import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BrowserLike } from "../web/browser-like.ts";
import { doorOf, isHeld, knock } from "./deployments-world.ts";
import { client } from "./pages-world.ts";
import { calm, gateSays, runGatehouse, type CheckRunSeen, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({
    skipsWaits: true,
    settings: { web: { publicUrl: null, trustedProxies: [], client } },
  });
  gatehouse.sim.org({ login: "acme", members: ["ada", "bob", "carol", "dave", "dora"] });
});
afterAll(async () => {
  await gatehouse.stop();
});

const policyOf = (who: string, remark = ""): string =>
  `version: 1\n${remark}rules:\n  - { name: reviewed, require: { reviews: { approvals: 1, ${who} } } }\n`;

function shop(name: string, who: string, people: readonly string[]): string {
  const repo = `acme/${name}`;
  gatehouse.sim.repo({
    name: repo,
    files: { "src/a.ts": "1\n", ".github/gatehouse.yml": policyOf(who) },
  });
  for (const login of people) gatehouse.sim.collaborator({ repo, login, role: "write" });
  return repo;
}

const open = (repo: string, head: string) =>
  gatehouse.sim.openPull({
    repo,
    author: "ada",
    head,
    title: head,
    files: { [`src/${head}.ts`]: "2\n" },
  });

const says = (repo: string, sha: string, holds: (run: CheckRunSeen) => boolean) =>
  gateSays(gatehouse.sim, repo, sha, holds);
const isGreen = (run: CheckRunSeen): boolean => run.conclusion === "success";
const names = (run: CheckRunSeen): boolean =>
  run.status === "in_progress" &&
  /is another (?:account|team) now/.test(`${run.title} ${run.summary}`);

describe("names that belong to somebody else by now", () => {
  it("W17: a stranger under an old login counts for nothing until the policy is touched, and is named", async () => {
    const { sim } = gatehouse;
    const repo = shop("logins", "users: [bert]", ["ada", "bert"]);
    const first = open(repo, "one");
    sim.review({ repo, number: first.number, by: "bert", state: "approve" });
    await says(repo, first.headSha, isGreen);

    sim.renameUser({ login: "bert", to: "bert-of-old" });
    sim.user({ login: "bert" });
    sim.collaborator({ repo, login: "bert", role: "write" });
    await calm(gatehouse);
    await gatehouse.restart();
    const second = open(repo, "two");
    sim.review({ repo, number: second.number, by: "bert", state: "approve" });
    await says(repo, second.headSha, names);

    sim.commit({
      repo,
      branch: "main",
      files: { ".github/gatehouse.yml": policyOf("users: [bert]", "# bert is the new one\n") },
      author: "ada",
    });
    await says(repo, second.headSha, isGreen);
  });

  it("W17: a new team under an old slug counts for nothing until the policy is touched, and is named", async () => {
    const { sim } = gatehouse;
    const repo = shop("slugs", "teams: [keepers]", ["ada", "bob", "carol"]);
    sim.team({ org: "acme", slug: "keepers", members: ["bob"] });
    const first = open(repo, "one");
    sim.review({ repo, number: first.number, by: "bob", state: "approve" });
    await says(repo, first.headSha, isGreen);

    sim.deleteTeam({ org: "acme", team: "keepers" });
    sim.team({ org: "acme", slug: "keepers", members: ["carol"] });
    await calm(gatehouse);
    const second = open(repo, "two");
    sim.review({ repo, number: second.number, by: "carol", state: "approve" });
    await says(repo, second.headSha, names);
    await calm(gatehouse);
    expect((await says(repo, second.headSha, names)).conclusion).toBeNull();

    sim.commit({
      repo,
      branch: "main",
      files: { ".github/gatehouse.yml": policyOf("teams: [keepers]", "# they are new\n") },
      author: "ada",
    });
    await says(repo, second.headSha, isGreen);
  });

  it("W17: an owner in CODEOWNERS, person or team, is who it was when it was first looked at under that text", async () => {
    const { sim } = gatehouse;
    const repo = shop("owners", "users: [carol]", ["ada", "zed", "bob", "carol"]);
    sim.team({ org: "acme", slug: "docs", members: ["bob"] });
    const text = "* @zed\n/docs/ @acme/docs\n";
    const policy =
      "version: 1\nrules:\n  - { name: owned, require: { reviews: { approvals: 0, code_owners: true } } }\n";
    const push = (files: Readonly<Record<string, string>>) =>
      sim.commit({ repo, branch: "main", files: { ...files }, author: "ada" });
    push({ CODEOWNERS: text, ".github/gatehouse.yml": policy });
    const change = (head: string, path: string, by: string) => {
      const pull = sim.openPull({
        repo,
        author: "ada",
        head,
        title: head,
        files: { [path]: `${head}\n` },
      });
      sim.review({ repo, number: pull.number, by, state: "approve" });
      return pull;
    };
    await says(repo, change("one", "src/one.ts", "zed").headSha, isGreen);
    await says(repo, change("two", "docs/two.md", "bob").headSha, isGreen);

    sim.renameUser({ login: "zed", to: "zed-of-old" });
    sim.user({ login: "zed" });
    sim.collaborator({ repo, login: "zed", role: "write" });
    sim.deleteTeam({ org: "acme", team: "docs" });
    sim.team({ org: "acme", slug: "docs", members: ["carol"] });
    await calm(gatehouse);
    await gatehouse.restart();
    const third = change("three", "src/three.ts", "zed");
    const fourth = change("four", "docs/four.md", "carol");
    await says(repo, third.headSha, names);
    await says(repo, fourth.headSha, names);

    // The policy names none of them: only another text of CODEOWNERS is a new look at them.
    push({ ".github/gatehouse.yml": `# touched\n${policy}` });
    await calm(gatehouse);
    await says(repo, third.headSha, names);
    await says(repo, fourth.headSha, names);
    push({ CODEOWNERS: `# they are new\n${text}` });
    await says(repo, third.headSha, isGreen);
    await says(repo, fourth.headSha, isGreen);
  });

  it("T30: a stranger under the login of an exempt author is not exempt, and the author is under another", async () => {
    const { sim } = gatehouse;
    const repo = shop("exempt", "users: [carol]", ["ada", "captain"]);
    sim.commit({
      repo,
      branch: "main",
      files: {
        ".github/gatehouse.yml":
          "version: 1\nrules:\n  - { name: reviewed, when: { not: { authors: [captain] } }, require: { reviews: { approvals: 1 } } }\n",
      },
      author: "ada",
    });
    const by = (author: string, head: string) =>
      sim.openPull({ repo, author, head, title: head, files: { [`src/${head}.ts`]: "2\n" } });
    await says(repo, by("captain", "one").headSha, isGreen);
    sim.renameUser({ login: "captain", to: "captain-of-old" });
    sim.user({ login: "captain" });
    sim.collaborator({ repo, login: "captain", role: "write" });
    await calm(gatehouse);
    await says(repo, by("captain", "two").headSha, names);
  });

  /** Merged and held at production, which two people must approve; one of them has. */
  async function halfApproved(name: string, by: string) {
    const { sim } = gatehouse;
    const repo = shop(name, "users: [carol]", ["ada", "carol", "dave", by]);
    const policy =
      "version: 1\nrules:\n  - { name: release, when: { environments: [production] }, require: { approvals: { count: 2 } } }\n";
    sim.environment({ repo, name: "production", gate: true });
    sim.commit({
      repo,
      branch: "main",
      files: { ".github/gatehouse.yml": policy },
      author: "ada",
    });
    const { number } = open(repo, "change");
    await calm(gatehouse);
    const { sha } = sim.mergePull({ repo, number, by: "dave" });
    await calm(gatehouse);
    const asked = knock(sim, repo, { sha });
    await isHeld(sim, asked, /Needs 2/);
    sim.comment({ repo, number, by, body: "/gate approve production" });
    await isHeld(sim, asked, /Needs 1 more/);
    await calm(gatehouse);
    return { repo, number, asked };
  }

  it("T30: who lost the right to approve does not get it back by whoever took their login", async () => {
    const { sim } = gatehouse;
    const { repo, number, asked } = await halfApproved("recycled-approver", "mallory");
    sim.collaborator({ repo, login: "frank", role: "write" });
    sim.collaborator({ repo, login: "mallory", role: "none" });
    sim.renameUser({ login: "mallory", to: "mallory-gone" });
    sim.renameUser({ login: "frank", to: "mallory" });
    gatehouse.advance(10 * 60_000);
    sim.comment({ repo, number, by: "carol", body: "/gate approve production" });
    await calm(gatehouse);
    expect(doorOf(sim, asked).state).toBe("waiting");
  });

  it("T30: an approver who was renamed still counts", async () => {
    const { sim } = gatehouse;
    const { repo, number, asked } = await halfApproved("renamed-approver", "nora");
    sim.renameUser({ login: "nora", to: "nora-smith" });
    gatehouse.advance(10 * 60_000);
    sim.comment({ repo, number, by: "carol", body: "/gate approve production" });
    await calm(gatehouse);
    expect(doorOf(sim, asked).state).toBe("approved");
  });

  it("T30: a session has the rights of its person, whoever took their login", async () => {
    const { sim } = gatehouse;
    const repo = shop("sessions", "users: [carol]", ["ada"]);
    sim.commit({
      repo,
      branch: "main",
      files: {
        ".github/gatehouse.yml":
          "version: 1\nrules:\n  - { name: calm, applies_to: deployment, require: { not_frozen: true } }\n",
      },
      author: "ada",
    });
    sim.collaborator({ repo, login: "eva", role: "read" });
    sim.collaborator({ repo, login: "chief", role: "maintain" });
    await calm(gatehouse);
    const eva = new BrowserLike(gatehouse.gate.url);
    await eva.signIn("eva");
    const freezes = () =>
      eva.submit("/freezes", "/freezes", {
        repository: repo,
        environment: "production",
        name: "",
        from: "",
        until: "",
        reason: "mine",
      });
    const before = await freezes();
    sim.renameUser({ login: "eva", to: "eva-of-old" });
    sim.renameUser({ login: "chief", to: "eva" });
    gatehouse.advance(10 * 60_000);
    expect([before.status, (await freezes()).status]).toEqual([422, 422]);
  });
});
