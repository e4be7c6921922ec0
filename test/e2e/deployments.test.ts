import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  actsOf,
  always,
  callsTo,
  checkSays,
  deploymentOf,
  doorOf,
  inProduction,
  isHeld,
  isRejected,
  issuesOf,
  knock,
  newShop,
  opens,
  ruled,
  says,
} from "./deployments-world.ts";
import { changeIn } from "./rows-in.ts";
import { calm, runGatehouse, until, type Gatehouse } from "./harness.ts";
import { send } from "./send.ts";
import { listenToWire } from "./wire.ts";

const wire = listenToWire();
let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];

beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true, simulator: { onExchange: wire.onExchange } });
  sim = gatehouse.sim;
});
afterAll(async () => {
  expect(wire.problems()).toEqual([]);
  await gatehouse.stop();
});

const opened = ruled([inProduction("hours", "window: always")], always);
const released = ruled([inProduction("release", "approvals: { count: 1, teams: [release] }")]);

describe("the gate at a door", () => {
  it("approves what may go, and the check run says why", async () => {
    const asked = knock(sim, newShop(sim, "open", opened));
    const door = await opens(sim, asked);
    expect(door.verdicts).toEqual([
      expect.objectContaining({
        state: "approved",
        environments: ["production"],
        comment: expect.stringMatching(/^Approved: 1 rule passes\. Judged by policy .*Details: /s),
      }),
    ]);
    expect(door.reports).toEqual([]);
    expect(
      await checkSays(sim, asked, "production", ({ conclusion }) => conclusion === "success"),
    ).toMatchObject({ title: "1 rule passes", externalId: expect.stringMatching(/^dep:/) });
  });

  it("approves where no rule speaks of the environment, and where no policy governs at all", async () => {
    await opens(sim, knock(sim, newShop(sim, "silent", opened), { environment: "staging" }));
    await opens(sim, knock(sim, newShop(sim, "ungoverned", null)));
  });

  it("rejects what cannot go, and names it: a direct push", async () => {
    const repo = newShop(
      sim,
      "direct",
      ruled([inProduction("gated", "changes_gated: { since: last_deployment }")]),
    );
    const { sha } = sim.commit({
      repo,
      files: { "src/a.ts": "2\n" },
      message: "quick fix",
      pusher: "eve",
    });
    const asked = knock(sim, repo, { sha });
    const door = await isRejected(sim, asked);
    expect(door.verdicts[0]?.comment).toContain("went to the branch without a pull request");
    expect(
      (await checkSays(sim, asked, "production", ({ conclusion }) => conclusion === "failure"))
        .summary,
    ).toContain("direct push");
  });

  it("lets through what came by pull requests that it allowed, lists them, and rejects an administrator's merge", async () => {
    const policy = ruled([
      "{ name: worded, require: { title: { pattern: '^feat: ' } } }",
      inProduction("gated", "changes_gated: true"),
    ]);
    const repo = newShop(sim, "changes", policy);
    const first = sim.openPull({
      repo,
      author: "ada",
      title: "feat: one",
      head: "one",
      files: { "src/b.ts": "1\n" },
    });
    await calm(gatehouse);
    sim.mergePull({ repo, number: first.number, by: "bob" });
    const good = knock(sim, repo);
    await opens(sim, good);
    const check = await checkSays(
      sim,
      good,
      "production",
      ({ conclusion }) => conclusion === "success",
    );
    expect(check.summary).toContain("pull request");
    sim.finishDeployment({ repo, deployment: good.id });
    await calm(gatehouse);
    const second = sim.openPull({
      repo,
      author: "ada",
      title: "two",
      head: "two",
      files: { "src/c.ts": "1\n" },
    });
    await calm(gatehouse);
    sim.mergePull({ repo, number: second.number, by: "bob" });
    const door = await isRejected(sim, knock(sim, repo));
    expect(door.verdicts[0]?.comment).toContain(`#${second.number} was merged past the gate`);
    expect(door.verdicts[0]?.comment).not.toContain(`#${first.number} `);
  });

  it("rejects at once what cannot open before GitHub gives up, saying why", async () => {
    const year = new Date().getUTCFullYear() + 1;
    const late = `\nwindows:\n  late: { timezone: UTC, open: [{ from: "${year}-12-30T00:00", until: "${year}-12-31T00:00" }] }\n`;
    const far = await isRejected(
      sim,
      knock(sim, newShop(sim, "late", ruled([inProduction("hours", "window: late")], late))),
    );
    expect(far.verdicts[0]?.comment).toContain(`Opens too late: it opens ${year}-12-30 00:00 UTC`);
    const never = await isRejected(
      sim,
      knock(sim, newShop(sim, "never", ruled([inProduction("hours", "window: never")], always))),
    );
    expect(never.verdicts[0]?.comment).toContain("Cannot open");
  });

  it("on_fail: hold holds what would be rejected", async () => {
    const repo = newShop(
      sim,
      "holds",
      ruled([inProduction("gated", "changes_gated: true", ", on_fail: hold")]),
    );
    const { sha } = sim.commit({ repo, files: { "src/a.ts": "2\n" } });
    await isHeld(sim, knock(sim, repo, { sha }), /without a pull request/);
  });

  it("a question without a deployment is resolved from its run", async () => {
    const repo = newShop(sim, "bare", opened);
    await calm(gatehouse);
    sim.deliveryFault({ event: "deployment_protection_rule", suppress: true, times: 1 });
    const asked = knock(sim, repo);
    await calm(gatehouse);
    const id = sim.world.repoNames.get(repo);
    const payload = {
      action: "requested",
      environment: "production",
      deployment_callback_url: `${sim.url}/api/v3/repos/${repo}/actions/runs/${asked.run}/deployment_protection_rule`,
      repository: {
        id,
        name: "bare",
        default_branch: "main",
        private: true,
        owner: { id: 1, login: "acme", type: "Organization" },
      },
      installation: { id: [...sim.world.installations.keys()][0] },
      sender: { id: 1, login: "dave", type: "User" },
    };
    expect(doorOf(sim, asked).state).toBe("waiting");
    expect(
      await send({
        url: gatehouse.gate.url,
        secret: gatehouse.secret,
        event: "deployment_protection_rule",
        payload,
      }),
    ).toBe(202);
    await opens(sim, asked);
  });

  it.each([
    { what: "no address to answer at", name: "no-url", url: undefined },
    { what: "an address that names no run", name: "odd-url", url: "https://evil.example/answer" },
  ])("a question with $what is of the run that waits", async ({ name, url }) => {
    const repo = newShop(sim, name, opened);
    await calm(gatehouse);
    sim.deliveryFault({ event: "deployment_protection_rule", suppress: true, times: 1 });
    const asked = knock(sim, repo);
    await calm(gatehouse);
    const { ref, sha } = deploymentOf(sim, repo, asked.id);
    const payload = {
      action: "requested",
      environment: "production",
      sha,
      ref,
      pull_requests: [],
      deployment: { id: asked.id, environment: "production", sha, ref },
      ...(url === undefined ? {} : { deployment_callback_url: url }),
      repository: {
        id: sim.world.repoNames.get(repo),
        name,
        default_branch: "main",
        private: true,
        owner: { id: 1, login: "acme", type: "Organization" },
      },
      installation: { id: [...sim.world.installations.keys()][0] },
    };
    expect(
      await send({
        url: gatehouse.gate.url,
        secret: gatehouse.secret,
        event: "deployment_protection_rule",
        payload,
      }),
    ).toBe(202);
    expect((await opens(sim, asked)).verdicts).toHaveLength(1);
  });

  it("a question without a deployment is answered where GitHub does not tell what waits", async () => {
    const repo = newShop(sim, "untold", opened);
    await calm(gatehouse);
    sim.deliveryFault({ event: "deployment_protection_rule", suppress: true, times: 1 });
    sim.fault({ match: { method: "GET", path: "/pending_deployments" }, status: 404 });
    const asked = knock(sim, repo);
    await calm(gatehouse);
    const payload = {
      action: "requested",
      environment: "production",
      deployment_callback_url: `${sim.url}/api/v3/repos/${repo}/actions/runs/${asked.run}/deployment_protection_rule`,
      repository: {
        id: sim.world.repoNames.get(repo),
        name: "untold",
        default_branch: "main",
        private: true,
        owner: { id: 1, login: "acme", type: "Organization" },
      },
      installation: { id: [...sim.world.installations.keys()][0] },
    };
    await send({
      url: gatehouse.gate.url,
      secret: gatehouse.secret,
      event: "deployment_protection_rule",
      payload,
    });
    await opens(sim, asked);
    sim.clearFaults();
  });

  it("a calendar file that is not there holds and is named; once it is there, the deployment goes on by itself", async () => {
    const kept =
      '\nwindows:\n  kept: { timezone: UTC, open: [{ days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "24:00" }], except: [holidays] }\ncalendars:\n  holidays: { ics: .github/holidays.ics, timezone: UTC }\n';
    const repo = newShop(sim, "no-calendar", ruled([inProduction("hours", "window: kept")], kept));
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /there is no file \.github\/holidays\.ics in the repository/);
    const ics = [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "BEGIN:VEVENT",
      "UID:1",
      "DTSTART;VALUE=DATE:20200101",
      "DTEND;VALUE=DATE:20200102",
      "END:VEVENT",
      "END:VCALENDAR",
      "",
    ].join("\r\n");
    sim.commit({ repo, files: { ".github/holidays.ics": ics } });
    await opens(sim, asked);
  });

  it("a person's freeze holds where no rule asks for freezes, and where the rule speaks of another environment", async () => {
    const repo = newShop(
      sim,
      "unruled",
      ruled(
        [
          inProduction("hours", "window: always"),
          "{ name: nf, when: { environments: [production] }, require: { not_frozen: true } }",
        ],
        always,
      ),
    );
    const first = knock(sim, repo, { environment: "staging" });
    await opens(sim, first);
    await says(gatehouse, first, "freeze", "bob", {
      sha: null,
      name: "staging",
      reason: "demo",
      detail: { from: null, until: null },
    });
    await isHeld(
      sim,
      knock(sim, repo, { environment: "staging" }),
      /freeze staging is on until further notice/,
    );
  });

  it("T38: the callback's host is never called; only the run's number in it is read", async () => {
    const repo = newShop(sim, "evil", opened);
    await calm(gatehouse);
    sim.deliveryFault({ event: "deployment_protection_rule", suppress: true, times: 1 });
    const asked = knock(sim, repo);
    await calm(gatehouse);
    const { ref, sha } = deploymentOf(sim, repo, asked.id);
    const payload = {
      action: "requested",
      environment: "production",
      sha,
      ref,
      deployment: { id: asked.id, environment: "production", sha, ref },
      deployment_callback_url: `http://127.0.0.1:9/repos/${repo}/actions/runs/${asked.run}/deployment_protection_rule`,
      repository: {
        id: sim.world.repoNames.get(repo),
        name: "evil",
        default_branch: "main",
        private: true,
        owner: { id: 1, login: "acme", type: "Organization" },
      },
      installation: { id: [...sim.world.installations.keys()][0] },
    };
    await send({
      url: gatehouse.gate.url,
      secret: gatehouse.secret,
      event: "deployment_protection_rule",
      payload,
    });
    expect((await opens(sim, asked)).verdicts).toHaveLength(1);
  });

  it("T39: of two environments of one run each gets its own answer", async () => {
    const repo = newShop(sim, "both", released);
    const { run, deployments } = sim.deploy({
      repo,
      environment: ["staging", "production"],
      actor: "dave",
    });
    const [staging, production] = deployments.map(({ id }) => ({
      repo,
      run,
      id,
      sha: deploymentOf(sim, repo, id).sha,
    }));
    if (staging === undefined || production === undefined) throw new Error("unreachable");
    await opens(sim, staging);
    await isHeld(sim, production, /Needs 1 approval/);
    expect(doorOf(sim, production).verdicts.map(({ environments }) => environments)).toEqual([
      ["staging"],
    ]);
  });

  it("two jobs to one environment, one after the other, are two evaluations", async () => {
    const repo = newShop(sim, "twice", opened);
    const first = knock(sim, repo, { job: "first" });
    await opens(sim, first);
    const second = knock(sim, repo, { run: first.run, job: "second" });
    await opens(sim, second);
    expect(second.id).not.toBe(first.id);
    expect(doorOf(sim, second).verdicts).toHaveLength(2);
  });

  it("a tag that moved after the question is flagged, and the commit that was asked for is judged", async () => {
    const repo = newShop(sim, "tagged", released);
    const { sha } = sim.commit({ repo, files: { "src/a.ts": "2\n" } });
    sim.tag({ repo, tag: "v1", at: sha });
    const asked = knock(sim, repo, { sha, branch: "v1" });
    await isHeld(sim, asked, /Needs 1 approval/);
    const later = sim.commit({ repo, files: { "src/a.ts": "3\n" } });
    sim.tag({ repo, tag: "v1", at: later.sha });
    await says(gatehouse, asked, "approve", "bob");
    await opens(sim, asked);
    expect(asked.sha).toBe(sha);
  });

  it("a fork's merge commit is held, whatever the rules say", async () => {
    const repo = newShop(sim, "forked", opened);
    sim.fork({ repo, owner: "eve" });
    const { headSha } = sim.openPull({
      repo,
      author: "eve",
      headRepo: "eve/forked",
      head: "topic",
      files: { "src/a.ts": "2\n" },
    });
    const asked = knock(sim, repo, {
      sha: headSha,
      event: "pull_request",
      headRepo: "eve/forked",
      branch: "topic",
      actor: "eve",
    });
    expect(deploymentOf(sim, repo, asked.id).ref).toMatch(/^refs\/pull\/\d+\/merge$/);
    await isHeld(sim, asked, /fork/);
  });

  it("the deployed branch's own, looser policy judges nothing", async () => {
    const repo = newShop(sim, "looser", released);
    const { sha } = sim.commit({
      repo,
      branch: "loose",
      files: { ".github/gatehouse.yml": opened },
    });
    await isHeld(sim, knock(sim, repo, { sha, branch: "loose" }), /Needs 1 approval/);
  });

  it("holds under a policy that was removed, and judges again once it is back", async () => {
    const repo = newShop(sim, "removed", opened);
    await opens(sim, knock(sim, repo));
    sim.commit({ repo, files: { ".github/gatehouse.yml": null } });
    await calm(gatehouse);
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /removed|gone|not there/i);
    sim.commit({ repo, files: { ".github/gatehouse.yml": opened } });
    await opens(sim, asked);
  });

  it("tells each change once, nine times at most, and cuts a long one with a link", async () => {
    const frozen = (reason: string): string =>
      ruled(
        [inProduction("not-frozen", "not_frozen: true")],
        `\nfreezes:\n  - { name: long, timezone: UTC, during: { from: "2020-01-01T00:00", until: "${new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 16)}" }, reason: "${reason}" }\n`,
      );
    const repo = newShop(sim, "talkative", frozen("zero"));
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /zero/);
    for (const reason of [
      "one",
      "two",
      "three",
      "four",
      "five",
      "six",
      "seven",
      `eight ${"x".repeat(900)}`,
    ]) {
      sim.commit({ repo, files: { ".github/gatehouse.yml": frozen(reason) } });
      await isHeld(sim, asked, new RegExp(reason.slice(0, 5)));
    }
    sim.commit({ repo, files: { ".github/gatehouse.yml": frozen("nine") } });
    await checkSays(sim, asked, "production", ({ title }) => title?.includes("nine") === true);
    await calm(gatehouse);
    const { reports } = doorOf(sim, asked);
    expect(reports).toHaveLength(9);
    expect(
      reports.every(
        (report) =>
          report.length <= 1024 && report.includes(`Details: ${gatehouse.gate.url}/decisions/dep:`),
      ),
    ).toBe(true);
    expect(new Set(reports).size).toBe(9);
  });
});

describe("people", () => {
  it("an approval opens the door; the requester's, an outsider's and one who has left the team do not", async () => {
    const repo = newShop(sim, "release", released);
    sim.team({ org: "acme", slug: "release", members: ["bob", "carol", "dave"] });
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /Needs 1 approval for production from @acme\/release/);
    await says(gatehouse, asked, "approve", "dave");
    await says(gatehouse, asked, "approve", "eve");
    sim.removeTeamMember({ org: "acme", team: "release", login: "carol" });
    await sim.settled();
    await says(gatehouse, asked, "approve", "carol");
    await calm(gatehouse);
    expect(doorOf(sim, asked).state).toBe("waiting");
    await says(gatehouse, asked, "approve", "bob");
    await opens(sim, asked);
    expect(
      (await checkSays(sim, asked, "production", ({ conclusion }) => conclusion === "success"))
        .summary,
    ).toContain("1 approval");
    sim.teamMember({ org: "acme", team: "release", login: "carol" });
  });

  it("GitHub's own environment review counts, and only for whom it may", async () => {
    const repo = newShop(sim, "native", released);
    sim.environment({ repo, name: "production", gate: true, reviewers: { users: ["bob", "eve"] } });
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /Needs 1 approval/);
    sim.reviewDeployment({ repo, run: asked.run, by: "bob" });
    await opens(sim, asked);
  });

  it("who runs another's run again cannot approve it", async () => {
    const repo = newShop(sim, "again", released);
    const first = knock(sim, repo, { actor: "dave" });
    await isHeld(sim, first, /Needs 1 approval/);
    sim.rerun({ repo, run: first.run, by: "bob" });
    const made = [
      ...(sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.deployments.values() ?? []),
    ].at(-1);
    const asked = { ...first, id: made?.id ?? 0 };
    expect(asked.id).not.toBe(first.id);
    await isHeld(sim, asked, /Needs 1 approval/);
    await says(gatehouse, asked, "approve", "bob");
    await calm(gatehouse);
    expect(doorOf(sim, asked).state).toBe("waiting");
    await says(gatehouse, asked, "approve", "carol");
    await opens(sim, asked);
  });

  it("a /reject ends what waits", async () => {
    const asked = knock(sim, newShop(sim, "reject", released));
    await isHeld(sim, asked, /Needs 1 approval/);
    await says(gatehouse, asked, "reject", "carol", { reason: "not on a Friday" });
    expect((await isRejected(sim, asked)).verdicts[0]?.comment).toContain(
      "Rejected by @carol: not on a Friday",
    );
  });

  it("a freeze that a person makes holds, and lets go when it is lifted", async () => {
    const repo = newShop(sim, "incident", opened);
    await opens(sim, knock(sim, repo));
    const first = knock(sim, repo);
    await opens(sim, first);
    await says(gatehouse, first, "freeze", "bob", {
      sha: null,
      name: "incident",
      reason: "database down",
      detail: { from: null, until: null },
    });
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /incident is on until further notice, made by @bob: database down/);
    await says(gatehouse, asked, "unfreeze", "bob", { sha: null, name: "incident" });
    await opens(sim, asked);
  });
});

describe("promotion and going back", () => {
  it("production waits for staging, bakes, and opens by itself", async () => {
    const repo = newShop(
      sim,
      "rings",
      ruled([inProduction("proven", "promoted_from: { environment: staging, bake: 3s }")]),
    );
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /must run in staging first/);
    const ring = knock(sim, repo, { environment: "staging" });
    await opens(sim, ring);
    sim.finishDeployment({ repo, deployment: ring.id });
    await isHeld(sim, asked, /Bakes in staging until/);
    await opens(sim, asked);
  });

  it("a commit that ran here before goes back at once; who asked is on record, and authority stays", async () => {
    const policy = ruled(
      [
        inProduction("hours", "window: never"),
        inProduction("release", "approvals: { count: 1, teams: [release] }"),
      ],
      always,
    );
    const repo = newShop(sim, "back", opened);
    const old = knock(sim, repo);
    await opens(sim, old);
    sim.finishDeployment({ repo, deployment: old.id });
    sim.commit({ repo, files: { ".github/gatehouse.yml": policy } });
    await calm(gatehouse);
    const asked = knock(sim, repo, { sha: old.sha, branch: "main" });
    await isHeld(sim, asked, /Needs 1 approval/);
    await says(gatehouse, asked, "rollback", "bob", { reason: "broken checkout" });
    await opens(sim, asked);
    const summary =
      (await checkSays(sim, asked, "production", ({ conclusion }) => conclusion === "success"))
        .summary ?? "";
    expect(summary).toContain("roll back");
  });
});

describe("watching what goes past the gate", () => {
  const reviewed = `${ruled([inProduction("hours", "window: always"), inProduction("release", "approvals: { count: 1, teams: [release] }")], always)}overrides:\n  - { name: emergency, rules: [hours], by: { teams: [release] }, post_review: { within: 2d, teams: [release] } }\n`;
  const bypassIn = async (repo: string, way: string): Promise<void> => {
    const id = sim.world.repoNames.get(repo);
    // The watch waits for our own answer's events to arrive; a test need not.
    const hurried = async () => {
      await changeIn(
        gatehouse.settings.databaseUrl,
        "update queue set due_at = ?, firm_at = ?, settling_at = null where key like 'watch:%' and state = 'waiting'",
        ...[gatehouse.now(), gatehouse.now()],
      );
      return actsOf(gatehouse, ["bypass"]);
    };
    await until(
      `a bypass of ${repo}`,
      hurried,
      (acts) => acts.some((act) => act.repository === id && act.name === way),
      30_000,
    );
  };

  it("T41: an administrator who starts all waiting jobs is found, recorded, and owes a review", async () => {
    const repo = newShop(sim, "started", reviewed);
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /Needs 1 approval/);
    sim.startWaitingJobs({ repo, run: asked.run, by: "admin" });
    await calm(gatehouse);
    await bypassIn(repo, "past_gate");
    const [issue] = await until(
      "a review",
      () => issuesOf(sim, repo),
      (issues) => issues.length > 0,
    );
    expect(issue?.title).toContain("production was deployed to past the gate");
    // Where people look: the commit's check run says so, and waits no more.
    expect(
      (await checkSays(sim, asked, "production", ({ conclusion }) => conclusion === "failure"))
        .title,
    ).toMatch(/^Deployed past the gate: .*administrator started all waiting jobs/);
  });

  it("T41: what went past the gate is shown and reviewed by maintainers where no override names reviewers", async () => {
    const repo = newShop(sim, "plain", opened);
    const { id } = sim.apiDeployment({ repo, environment: "production", by: "eve" });
    sim.deploymentStatus({ repo, deployment: id, state: "success" });
    await bypassIn(repo, "through_api");
    const [issue] = await until(
      "a review",
      () => issuesOf(sim, repo),
      (issues) => issues.length > 0,
    );
    expect(issue).toMatchObject({
      title: "Review: production was deployed to past the gate",
      body: expect.stringContaining(
        "A maintainer of the repository looks at it and closes this issue by",
      ),
    });
    const { sha } = deploymentOf(sim, repo, id);
    expect(
      (
        await checkSays(
          sim,
          { repo, run: 0, id, sha },
          "production",
          ({ conclusion }) => conclusion === "failure",
        )
      ).title,
    ).toContain("made through the API");
  });

  it("T41: a deployment through the API is found", async () => {
    const repo = newShop(sim, "api", reviewed);
    await opens(sim, knock(sim, repo, { environment: "staging" }));
    const { id } = sim.apiDeployment({ repo, environment: "production", by: "eve" });
    sim.deploymentStatus({ repo, deployment: id, state: "success" });
    await bypassIn(repo, "through_api");
  });

  it("T40: an environment without our rule, and one created by a typo, are found", async () => {
    const repo = newShop(sim, "typo", reviewed);
    sim.environment({ repo, name: "production-eu", gate: false });
    const ungated = knock(sim, repo, { environment: "production-eu" });
    sim.finishDeployment({ repo, deployment: ungated.id });
    await bypassIn(repo, "ungated");
    const typo = knock(sim, repo, { environment: "prodution" });
    sim.finishDeployment({ repo, deployment: typo.id });
    await bypassIn(repo, "prod_like_name");
  });
});

describe("calls", () => {
  it("a deployment asked and approved takes at most six, and a question that comes twice none", async () => {
    const repo = newShop(sim, "warm", released);
    const cold = knock(sim, repo);
    await isHeld(sim, cold, /Needs 1 approval/);
    await says(gatehouse, cold, "approve", "bob");
    await opens(sim, cold);
    sim.finishDeployment({ repo, deployment: cold.id });
    await calm(gatehouse);
    const { sha } = sim.commit({
      repo,
      files: { "src/a.ts": "2\n" },
      pusher: "ada",
      author: "ada",
    });
    await calm(gatehouse);
    sim.resetCalls();
    const store = knock(sim, repo, { sha });
    await isHeld(sim, store, /Needs 1 approval/);
    await calm(gatehouse);
    const held = callsTo(sim, repo);
    sim.resetCalls();
    await says(gatehouse, store, "approve", "bob");
    await opens(sim, store);
    await calm(gatehouse);
    const approved = callsTo(sim, repo);
    console.info(
      `asked and held: ${held.length} calls (${held.join(", ")}); approved: ${approved.length} calls (${approved.join(", ")})`,
    );
    // No pull request is known to have brought this commit: whose it is, and where its people are spoken to, is looked for once.
    const isSearch = (call: string): boolean => /\/pulls$|\/graphql$/.test(call);
    // Who is in the team is remembered for minutes, until somebody's membership changes, in any other test of Gatehouse.
    const isTeam = (call: string): boolean => /\/teams\/[^/]+\/members$/.test(call);
    expect(
      [...held, ...approved].filter((call) => !isSearch(call) && !isTeam(call)).length,
    ).toBeLessThanOrEqual(6);
    expect([...held, ...approved].filter(isSearch).length).toBeLessThanOrEqual(2);
  });
});

describe("forward only", () => {
  it("of several that wait the newest goes, and the older ones are rejected once it went out; going back stays possible", async () => {
    const repo = newShop(sim, "forward", ruled([inProduction("forward", "forward_only: true")]));
    const commit = (text: string) => sim.commit({ repo, files: { "src/a.ts": text } }).sha;
    const first = knock(sim, repo, { sha: commit("first\n") });
    await opens(sim, first);
    const older = knock(sim, repo, { sha: commit("older\n") });
    await opens(sim, older);
    // The older one runs when the newer one asks, and the newest may always go.
    const newer = knock(sim, repo, { sha: commit("newer\n") });
    await opens(sim, newer);
    const late = knock(sim, repo, { sha: older.sha });
    await isHeld(sim, late, /which is newer, goes first/);
    sim.finishDeployment({ repo, deployment: newer.id });
    expect((await isRejected(sim, late)).verdicts[0]?.comment).toContain("superseded");
    // It never succeeded there; what did may go back.
    sim.finishDeployment({ repo, deployment: older.id, state: "failure" });
    sim.finishDeployment({ repo, deployment: first.id, state: "failure" });
    await calm(gatehouse);
    await isRejected(sim, knock(sim, repo, { sha: first.sha }));
    const newest = knock(sim, repo, { sha: commit("newest\n") });
    await opens(sim, newest);
    sim.finishDeployment({ repo, deployment: newest.id });
    await calm(gatehouse);
    await opens(sim, knock(sim, repo, { sha: newer.sha }));
  });

  it("what is cancelled on its way, and leaves no status, is in nobody's way any more", async () => {
    const repo = newShop(
      sim,
      "forward-ended",
      ruled([inProduction("forward", "forward_only: true")]),
    );
    const { sha } = sim.commit({ repo, files: { "src/a.ts": "older\n" } });
    const newer = knock(sim, repo, {
      sha: sim.commit({ repo, files: { "src/a.ts": "newer\n" } }).sha,
    });
    await opens(sim, newer);
    const older = knock(sim, repo, { sha });
    await isHeld(sim, older, /which is newer, goes first/);
    sim.cancelRun({ repo, run: newer.run, by: "ada" });
    await opens(sim, older);
  });
});

describe("nobody waits any more", () => {
  it("the check run of a deployment whose run is cancelled ends, neither green nor red, and waits again with the next", async () => {
    const repo = newShop(sim, "let-go", released);
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /Needs 1 approval/);
    sim.cancelRun({ repo, run: asked.run, by: "ada" });
    const ended = await checkSays(sim, asked, "production", (run) => run.status === "completed");
    expect(ended.conclusion).toBe("cancelled");
    expect(ended.title).toBe("No answer is waited for any more");
    const again = knock(sim, repo, { sha: asked.sha });
    await isHeld(sim, again, /Needs 1 approval/);
    await checkSays(sim, asked, "production", (run) => run.status === "in_progress");
  });

  it("where another deployment of the commit waits, the check run speaks of that one", async () => {
    const repo = newShop(sim, "let-one-go", released);
    const first = knock(sim, repo);
    await isHeld(sim, first, /Needs 1 approval/);
    const second = knock(sim, repo, { sha: first.sha });
    await isHeld(sim, second, /Needs 1 approval/);
    sim.cancelRun({ repo, run: first.run, by: "ada" });
    await calm(gatehouse);
    await checkSays(sim, first, "production", (run) => run.status === "in_progress");
    await says(gatehouse, second, "approve", "bob");
    await opens(sim, second);
    await checkSays(sim, first, "production", (run) => run.conclusion === "success");
  });
});

describe("workflows", () => {
  it("the workflow that asks is read at the deployed commit", async () => {
    const file = ".github/workflows/deploy.yml";
    const text = "jobs:\n  live:\n    runs-on: ubuntu-latest\n    steps: [{ run: make }]\n";
    const repo = newShop(
      sim,
      "asking",
      ruled([
        inProduction(
          "workflows",
          "workflows: { permissions: declared }",
          ", applies_to: deployment",
        ),
      ]),
      { [file]: text },
    );
    const bad = await isRejected(sim, knock(sim, repo, { path: file }));
    expect(bad.verdicts[0]?.comment).toContain(`Permissions are not declared: ${file}:2`);
    const { sha } = sim.commit({ repo, files: { [file]: `permissions: {}\n${text}` } });
    await opens(sim, knock(sim, repo, { path: file, sha }));
    // What it calls of this repository runs with the same rights.
    const below = ".github/workflows/below.yml";
    const calling = `permissions: {}\n${text}  more:\n    uses: ./${below}\n`;
    const next = sim.commit({ repo, files: { [file]: calling, [below]: text } });
    const called = await isRejected(sim, knock(sim, repo, { path: file, sha: next.sha }));
    expect(called.verdicts[0]?.comment).toContain(`Permissions are not declared: ${below}:2`);
  });
});

describe("incidents", () => {
  it("an open incident holds, and closing it opens the door", async () => {
    const repo = newShop(
      sim,
      "incident",
      ruled([inProduction("calm", "no_incident: { labels: [incident] }")]),
    );
    const { number } = sim.openIssue({ repo, title: "Down", by: "bob" });
    sim.label({ repo, number, label: "incident", by: "bob" });
    const asked = knock(sim, repo);
    await isHeld(sim, asked, new RegExp(`#${number} is open`));
    sim.setIssueState({ repo, number, state: "closed", by: "bob" });
    await opens(sim, asked);
  });
});
