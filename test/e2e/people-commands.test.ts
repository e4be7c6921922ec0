import { afterEach, describe, expect, it } from "vitest";
import { isHeld, knock, opens } from "./deployments-world.ts";
import { calm, checkRunsOn, until } from "./harness.ts";
import { peoplePolicy, peopleWorld, repo, type Opened, type PeopleWorld } from "./people-world.ts";

let world: PeopleWorld;
afterEach(async () => {
  await world.gatehouse.stop();
});

async function opened(policy: string = peoplePolicy): Promise<Opened> {
  world = await peopleWorld(policy);
  const pull = world.open();
  await calm(world.gatehouse);
  return pull;
}

async function approved(policy?: string): Promise<Opened> {
  const pull = await opened(policy);
  world.sim.review({ repo, number: pull.number, by: "dora", state: "approve" });
  await world.green(pull.headSha);
  await calm(world.gatehouse);
  return pull;
}

const main = (): string =>
  world.sim.world.repos
    .get(world.sim.world.repoNames.get(repo) ?? 0)
    ?.refs.get("refs/heads/main") ?? "";

describe("the grammar, through the product", () => {
  it.each([
    ["/gate hold", true],
    ["/GATE HOLD for Monday", true],
    ["/gatehouse hold", true],
    ["@gatehouse hold", true],
    ["@gatehouse[bot] hold", true],
    ["Dear all,\r\n\r\n/gate hold\r\n", true],
    ["> quoted\n\n/gate hold", true],
    ["<!-- a note -->\n/gate hold", true],
    ["```\ncode\n```\n/gate hold", true],
    ["/hold", false],
    ["> /gate hold", false],
    ["~~~\n/gate hold\n~~~", false],
    ["    /gate hold", false],
    ["<!--\n/gate hold\n-->", false],
    ["please /gate hold", false],
    ["/gate unhold\n/gate hold", true],
    ["/gate hold\n/gate unhold", false],
  ])("%j", async (body, holds) => {
    const { number, headSha } = await approved(
      peoplePolicy.replace("commands: { bare: true }\n", ""),
    );
    world.say(number, "bob", body);
    await calm(world.gatehouse);
    const run = checkRunsOn(world.sim, repo, headSha).find((each) => each.name === "gatehouse");
    expect(run?.status).toBe(holds ? "in_progress" : "completed");
  });

  it("several commands of one comment are all carried out; one that is refused turns the reaction", async () => {
    const { number, headSha } = await approved();
    const comment = world.say(number, "bob", "/hold for the release\n\n/gate fly\n/freezes\n");
    await world.waiting(headSha, /On hold by @bob: for the release/);
    await world.reacted(number, comment, "confused");
    const answer = await world.wordsSay(number, /There are no freezes/);
    expect(answer).toContain("There is no command `fly`");
    expect(world.reactions(number, comment)).toEqual(["eyes", "confused"]);
  });
});

describe("answers", () => {
  it("stand in one comment, edited in place, whoever asks", async () => {
    const { number } = await opened();
    for (const [body, says] of [
      ["/status", /Needs 1 approval/],
      ["/explain reviewed", /\*\*reviewed\*\*: pending/],
      ["/explain", /\[The whole decision\]\(http[^)]+\/decisions\/pr:\d+:\d+:[0-9a-f]{12}\)/],
      ["/explain revewed", /no rule revewed.*Did you mean reviewed\?/],
      ["/when production", /\*\*production\*\* is open now/],
      ["/freezes", /There are no freezes/],
      ["/help", /commanders \(@\u2060bob, @\u2060carol\)/],
    ] as const) {
      const comment = world.say(number, "eve", body);
      await world.wordsSay(number, says);
      await until(
        "an acknowledgement",
        () => world.reactions(number, comment),
        (seen) => seen.length === 2,
      );
      expect(world.words(number)).toHaveLength(1);
    }
    // Everybody's last answer and the list of commands stand beside each other.
    world.say(number, "bob", "/explain reviewed");
    const words = await world.wordsSay(number, /@\u2060bob, `\/gate explain`/);
    expect(words).toMatch(/commanders \(@\u2060bob, @\u2060carol\)/);
    expect(words).toMatch(/@\u2060eve, `\/gate freezes`:\n\nThere are no freezes/);
    expect(words).not.toContain("Did you mean reviewed?");
  });

  it("the check run leads to the rule's lines, the policy and the commit", async () => {
    const { headSha } = await opened();
    await calm(world.gatehouse);
    const run = checkRunsOn(world.sim, repo, headSha).find((each) => each.name === "gatehouse");
    const file =
      /\[`reviewed`\]\((http[^)]+\/blob\/main\/\.github\/gatehouse\.yml)#L\d+-L\d+\)/.exec(
        run?.summary ?? "",
      )?.[1];
    expect(run?.summary).toMatch(/by \[policy [0-9a-f]{7} of [^\]]+\]\(http/);
    expect(run?.summary).toContain(`(${file})`);
    expect(run?.summary).toMatch(new RegExp(`\\(http[^)]+/commit/${headSha}\\)`));
  });

  it("help marks what this reader may", async () => {
    const { number } = await opened();
    const lineOf = (name: string): string =>
      world
        .words(number)
        .join("\n")
        .split("\n")
        .find((line) => line.startsWith(`| \`/gate ${name}`)) ?? "";
    world.say(number, "eve", "/help");
    await world.wordsSay(number, /@\u2060eve/);
    await calm(world.gatehouse);
    expect(lineOf("hold")).not.toContain("✔");
    expect(lineOf("status")).toContain("✔");
    world.say(number, "bob", "/help");
    await world.wordsSay(number, /@\u2060bob, `\/gate help`/);
    await calm(world.gatehouse);
    expect(lineOf("hold")).toContain("✔");
    expect(lineOf("freeze ")).not.toContain("✔");
    expect(lineOf("freeze ")).toContain("@\u2060dora");
  });

  it("a reader of a private repository is answered, too", async () => {
    world = await peopleWorld(peoplePolicy);
    world.sim.user({ login: "guest" });
    world.sim.repo({
      name: "acme/vault",
      private: true,
      files: { "a.ts": "1\n", ".github/gatehouse.yml": peoplePolicy },
    });
    world.sim.collaborator({ repo: "acme/vault", login: "ada", role: "write" });
    world.sim.collaborator({ repo: "acme/vault", login: "guest", role: "read" });
    const { number } = world.sim.openPull({
      repo: "acme/vault",
      author: "ada",
      head: "topic",
      title: "feat: x",
      files: { "a.ts": "2\n" },
    });
    await calm(world.gatehouse);
    const bodies = (): readonly string[] =>
      [
        ...(world.sim.world.repos
          .get(world.sim.world.repoNames.get("acme/vault") ?? 0)
          ?.issues.get(number)?.comments ?? []),
      ].map((comment) => comment.body);
    world.sim.comment({ repo: "acme/vault", number, by: "guest", body: "/gate status" });
    await until("an answer", bodies, (seen) =>
      seen.some((body) => body.includes("Needs 1 approval")),
    );
  });

  it("where the policy is broken from the first, that is the answer, and nothing is done", async () => {
    world = await peopleWorld(
      "version: 1\nrules: [{ name: reviewed, require: { revews: {} } }]\n",
      { skipsWaits: true },
    );
    const { number } = world.open();
    await calm(world.gatehouse);
    const comment = world.say(number, "bob", "/gate hold");
    await world.wordsSay(number, /no command can be carried out/);
    await world.reacted(number, comment, "confused");
    world.sim.resetCalls();
    world.say(number, "mallory", "/gate hold");
    await calm(world.gatehouse);
    expect(world.sim.calls.filter((call) => !call.isToken).length).toBeLessThanOrEqual(1);
  });
});

describe("holds of what was merged", () => {
  it("hold its deployment, and lifting them lets it go on by itself", async () => {
    const { number } = await approved(
      "version: 1\ncommands: { bare: true }\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1 } }\n  - name: not-frozen\n    when: { environments: [production] }\n    require: { not_frozen: true }\n",
    );
    world.sim.environment({ repo, name: "production", gate: true });
    world.sim.mergePull({ repo, number, by: "carol" });
    await calm(world.gatehouse);
    world.say(number, "bob", "/hold look at the dashboards first");
    await calm(world.gatehouse);
    const asked = knock(world.sim, repo, { sha: main(), actor: "ada" });
    await isHeld(world.sim, asked, /On hold by @bob/);
    await calm(world.gatehouse);
    world.say(number, "bob", "/unhold");
    await opens(world.sim, asked);
  });
});

describe("freezes", () => {
  it("may be made before anything was ever deployed there", async () => {
    const { number } = await approved(
      "version: 1\ncommands: { bare: true }\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1 } }\n  - name: not-frozen\n    applies_to: deployment\n    require: { not_frozen: true }\n",
    );
    world.sim.environment({ repo, name: "production", gate: true });
    const wrong = world.say(number, "carol", "/freeze prodution the books close");
    await world.reacted(number, wrong, "confused");
    await world.wordsSay(number, /no environment prodution here\. Did you mean production\?/);
    const right = world.say(number, "carol", "/freeze production the books close");
    await world.reacted(number, right, "rocket");
    world.sim.mergePull({ repo, number, by: "carol" });
    await calm(world.gatehouse);
    await isHeld(
      world.sim,
      knock(world.sim, repo, { sha: main(), actor: "ada" }),
      /the books close/,
    );
  });
});

describe("overrides and their reviews", () => {
  const policy =
    "version: 1\ncommands: { bare: true }\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1 } }\noverrides:\n  - name: emergency\n    label: emergency\n    rules: [reviewed]\n    by: { teams: [commanders] }\n    post_review: { within: 2s, teams: [security] }\n";

  it("an overdue one refuses the next of that name in the repository, until it is done", async () => {
    const first = await opened(policy);
    world.say(first.number, "bob", "/emergency the shop is down");
    await world.green(first.headSha, /override emergency/);
    world.sim.mergePull({ repo, number: first.number, by: "carol" });
    const issue = (
      await until(
        "a review",
        () => world.issues(),
        (issues) => issues.length === 1,
      )
    )[0];
    expect(issue?.body).toMatch(/close this issue by \d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/);
    world.gatehouse.advance(3_000);
    const second = world.open({ head: "other" });
    await world.waiting(second.headSha);
    const refused = world.say(second.number, "bob", "/emergency down again");
    await world.wordsSay(
      second.number,
      new RegExp(`review of an earlier emergency is overdue .*#${issue?.number}`),
    );
    await world.reacted(second.number, refused, "confused");
    world.sim.setIssueState({ repo, number: issue?.number ?? 0, state: "closed", by: "dora" });
    await calm(world.gatehouse);
    world.say(second.number, "bob", "/emergency down again");
    await world.green(second.headSha, /override emergency/);
  });

  it("the reason of a label may be an /override of the same person", async () => {
    const { number, headSha } = await opened(policy);
    world.sim.label({ repo, number, label: "emergency", by: "bob" });
    await world.wordsSay(number, /asked for the override emergency with the label/);
    world.say(number, "bob", "/override emergency the shop is down");
    await world.green(headSha, /override emergency of @bob/);
    await calm(world.gatehouse);
    expect(world.words(number).join("\n")).not.toMatch(/with the label emergency/);
  });

  it("T49: the button confirms with the right of whoever presses it", async () => {
    const { number, headSha } = await opened(
      policy.replace("    post_review", "    confirmations: 1\n    post_review"),
    );
    world.say(number, "bob", "/emergency the shop is down");
    await world.wordsSay(number, /waits for one more person/);
    await calm(world.gatehouse);
    const run = checkRunsOn(world.sim, repo, headSha).find((each) => each.name === "gatehouse");
    const identifier =
      world.sim.calls
        .flatMap((call) =>
          (
            (call.body as { readonly actions?: readonly { readonly identifier: string }[] } | null)
              ?.actions ?? []
          ).map((action) => action.identifier),
        )
        .findLast((each) => each.startsWith("confirm:")) ?? "";
    world.sim.pressCheck({ repo, id: run?.id ?? 0, by: "dora", identifier });
    world.sim.pressCheck({ repo, id: run?.id ?? 0, by: "bob", identifier });
    await calm(world.gatehouse);
    await world.waiting(headSha);
    world.sim.pressCheck({ repo, id: run?.id ?? 0, by: "carol", identifier });
    await world.green(headSha, /override emergency of @bob/);
  });

  it("T36: a deleted comment says nothing", async () => {
    const { number, headSha } = await opened(policy);
    world.sim.holdWebhooks();
    const id = world.say(number, "bob", "/emergency the shop is down");
    world.sim.deleteComment({ repo, id, by: "bob" });
    world.sim.releaseWebhooks();
    await calm(world.gatehouse);
    await world.waiting(headSha);
    expect(world.words(number)).toEqual([]);
  });
});
