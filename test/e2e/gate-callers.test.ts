import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploymentOf, isHeld, knock, newShop, ruled } from "./deployments-world.ts";
import { openStore } from "#io/database/store/open-store.ts";
import { ask, noon, outsideShop, tokenFor, type Job } from "./gate-world.ts";
import { idle, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ startsAt: noon });
});
afterAll(() => gatehouse.stop());

/** A job of somebody's own run, for an environment without a protection rule. */
function jobOf(
  repo: string,
  actor: string,
  event = "push",
): Pick<Job, "sha" | "question"> & {
  readonly token: () => string;
} {
  const { sim, gate } = gatehouse;
  const environment = "live";
  const { run, deployments } = sim.deploy({ repo, environment, actor, event });
  const { sha } = deploymentOf(sim, repo, deployments[0]?.id ?? 0);
  return {
    sha,
    question: { repository: repo, sha, environment },
    token: () => sim.oidcToken({ repo, sha, run, environment, actor, audience: gate.url }),
  };
}

/** A change of ada's that dave merged. */
async function merged(name: string, policy: string): Promise<{ repo: string; number: number }> {
  const { sim } = gatehouse;
  const repo = outsideShop(gatehouse, name, policy);
  const { number } = sim.openPull({ repo, author: "ada", files: { "src/a.ts": "2\n" } });
  sim.mergePull({ repo, number, by: "dave" });
  await idle(gatehouse);
  return { repo, number };
}

const approved = `version: 1
rules:
  - name: release-approval
    when: { environments: [live] }
    require: { approvals: { count: 1, teams: [release] } }
`;
const closed = `${approved}  - name: closed
    when: { environments: [live] }
    require: { window: never }
windows:
  never: { timezone: UTC, open: [{ from: "2020-01-01T00:00", until: "2020-01-02T00:00" }] }
overrides:
  - { name: emergency, rules: [release-approval, closed], by: { users: [bob] }, lasts: 4h }
`;

/** A call that waits as long as it may, and is ended from here: what it was told by then. */
function waiting(...[token, question]: readonly [string, unknown]) {
  const gone = new AbortController();
  const told = ask(gatehouse, token, question, { wait: 120, signal: gone.signal }).then(
    ({ body }) => body.decision,
    () => "nothing",
  );
  return {
    told,
    end: (): Promise<string> => {
      gone.abort();
      return told;
    },
  };
}

describe("two callers wait with one commit for one environment", () => {
  it("and a person's own run gets no yes on their own approval, whoever asks beside it", async () => {
    const { sim } = gatehouse;
    const { repo, number } = await merged("own-yes", approved);
    const daves = jobOf(repo, "dave");
    const bobs = jobOf(repo, "bob", "workflow_dispatch");
    await ask(gatehouse, daves.token(), daves.question);
    const bobWaits = waiting(bobs.token(), bobs.question);
    await idle(gatehouse);
    const daveWaits = waiting(daves.token(), daves.question);
    await idle(gatehouse);
    sim.comment({ repo, number, by: "bob", body: "/gate approve live" });
    expect(await daveWaits.told).toBe("allow");
    await idle(gatehouse);
    expect(await bobWaits.end()).toBe("nothing");
    const { body } = await ask(gatehouse, bobs.token(), bobs.question);
    expect(body.decision).toBe("hold");
    expect(body.rules[0]?.found).toContain("bob");
  });

  it.each(["runs", "calls of one token"])(
    "T53, T56: and one override lets one of two %s through",
    async (kind) => {
      const { sim } = gatehouse;
      const { repo, number } = await merged(`one-of-two-${kind.slice(0, 4)}`, closed);
      const one = jobOf(repo, "dave");
      const two = jobOf(repo, "dave", "workflow_dispatch");
      const token = await tokenFor(gatehouse, [repo]);
      const [first, second] = kind === "runs" ? [one.token(), two.token()] : [token, token];
      const waits = [waiting(first, one.question)];
      await idle(gatehouse);
      waits.push(waiting(second, one.question));
      await idle(gatehouse);
      sim.comment({ repo, number, by: "bob", body: "/gate override emergency live is down" });
      await Promise.race(waits.map(({ told }) => told));
      await idle(gatehouse);
      const told = await Promise.all(waits.map((each) => each.end()));
      expect(told.toSorted()).toEqual(["allow", "nothing"]);
    },
  );
});

describe("an override that a question stands on", () => {
  it("is taken by who is given the yes, not by a question that nobody asks any more", async () => {
    const { sim } = gatehouse;
    const { repo, number } = await merged("who-takes-it", closed);
    const { question } = jobOf(repo, "dave");
    const token = await tokenFor(gatehouse, [repo]);
    const of = (digit: string) => ({ ...question, digest: `sha256:${digit.repeat(64)}` });
    expect((await ask(gatehouse, token, of("a"))).body.decision).toBe("hold");
    gatehouse.advance(30 * 60_000);
    await idle(gatehouse);
    sim.comment({ repo, number, by: "bob", body: "/gate override emergency live is down" });
    await idle(gatehouse);
    expect((await ask(gatehouse, token, of("b"))).body.decision).toBe("allow");
    await idle(gatehouse);
    expect((await ask(gatehouse, token, of("a"))).body.decision).toBe("hold");
    expect((await ask(gatehouse, token, of("b"))).body.decision).toBe("hold");
  });
});

describe("a token that is revoked while its caller is held", () => {
  it("is given no yes any more", async () => {
    const { sim, settings } = gatehouse;
    const { repo, number } = await merged("revoked-while-held", approved);
    const { question } = jobOf(repo, "dave");
    const token = await tokenFor(gatehouse, [repo]);
    const told = ask(gatehouse, token, question, { wait: 60 });
    await idle(gatehouse);
    const store = await openStore({ url: settings.databaseUrl, now: gatehouse.now });
    for (const { id } of await store.tokens.list()) await store.tokens.revoke(id, gatehouse.now());
    await store.close();
    sim.comment({ repo, number, by: "bob", body: "/gate approve live" });
    expect((await told).status).toBe(401);
  });
});

describe("the ref by which a commit goes out", () => {
  it("T54: of a token's question is a branch or tag of the repository, and not whatever git can resolve", async () => {
    const { sim } = gatehouse;
    const repo = outsideShop(gatehouse, "resolved");
    sim.user({ login: "mallory" });
    sim.fork({ repo, owner: "mallory" });
    const { number, headSha } = sim.openPull({
      repo,
      author: "mallory",
      headRepo: "mallory/resolved",
      files: { "src/a.ts": "evil\n" },
    });
    sim.tag({ repo, tag: "v1" });
    await idle(gatehouse);
    const token = await tokenFor(gatehouse, [repo]);
    const of = async (sha: string, ref?: string): Promise<string> => {
      const question = { repository: repo, sha, environment: "first" };
      const { status, body } = await ask(
        gatehouse,
        token,
        ref === undefined ? question : { ...question, ref },
      );
      return status === 200 ? body.decision : String(status);
    };
    const answers = await Promise.all(
      [undefined, headSha, headSha.slice(0, 10), `pull/${number}/head`, "HEAD", "heads/main"].map(
        (ref) => of(headSha, ref),
      ),
    );
    expect(answers).toEqual(["hold", "422", "hold", "hold", "hold", "hold"]);
    const own = sim.commit({ repo, branch: "main", files: { "src/b.ts": "2\n" } }).sha;
    sim.tag({ repo, tag: "v2" });
    await idle(gatehouse);
    expect(
      await Promise.all([of(own), of(own, "refs/heads/main"), of(own, "v2"), of(own, "v1")]),
    ).toEqual(["allow", "allow", "allow", "hold"]);
  });

  it("is the branch of its name: what only a tag of that name holds is held, at an environment and over the API", async () => {
    const { sim, gate } = gatehouse;
    const policy = ruled([
      `{ name: others, when: { environments: [production, live], not: { refs: [main] } }, require: { approvals: { count: 1, teams: [release] } } }`,
    ]);
    const repo = newShop(sim, "tag-main", policy);
    const { sha } = sim.commit({ repo, branch: "evil", files: { "src/a.ts": "evil\n" } });
    sim.tag({ repo, tag: "main", at: sha });
    const atDoor = knock(sim, repo, { sha, branch: "main" });
    const { run } = sim.deploy({ repo, environment: "live", actor: "dave", sha, branch: "main" });
    const asks = (ref: string): ReturnType<typeof ask> =>
      ask(
        gatehouse,
        sim.oidcToken({ repo, sha, run, environment: "live", audience: gate.url, ref }),
        { repository: repo, sha, environment: "live" },
      );
    await isHeld(sim, atDoor, /does not contain/);
    const { body } = await asks("refs/tags/main");
    expect([body.decision, body.rules.map(({ name }) => name)]).toEqual([
      "hold",
      expect.arrayContaining(["own-code"]),
    ]);
  });
});
