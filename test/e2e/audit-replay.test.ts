import { deflateRawSync, inflateRawSync } from "node:zlib";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isHeld, isRejected, knock, opens } from "./deployments-world.ts";
import { calm, gateSays } from "./harness.ts";
import { replayDecisions, type ReplayedDecision } from "#io/database/audit/replay.ts";
import { verifyAudit } from "#io/database/audit/verify.ts";
import { openStore, type OpenStore } from "#io/database/store/open-store.ts";
import { peoplePolicy, peopleWorld, repo, type PeopleWorld } from "./people-world.ts";
import { patience } from "../support/patience.ts";

let world: PeopleWorld;
afterAll(async () => {
  await world.gatehouse.stop();
});

async function inStore<T>(work: (store: OpenStore) => Promise<T>): Promise<T> {
  const store = await openStore({ url: world.gatehouse.settings.databaseUrl });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function replay(): Promise<readonly ReplayedDecision[]> {
  return inStore(async (store) => {
    const found: ReplayedDecision[] = [];
    for await (const decision of replayDecisions(store)) found.push(decision);
    return found;
  });
}

interface Recorded {
  readonly kind: string;
  readonly actor: string | null;
  readonly subject: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}
const recorded = (): Promise<readonly Recorded[]> =>
  inStore(async (store) =>
    (await store.trail.after(0, 5000)).map((record) => ({
      ...record,
      detail: JSON.parse(record.detail) as Recorded["detail"],
    })),
  );

const inDatabase = <T>(work: (db: Database.Database) => T): T => {
  const db = new Database(world.gatehouse.settings.databaseUrl.slice("file:".length));
  try {
    return work(db);
  } finally {
    db.close();
  }
};

/** A pull request's whole life with everything people do to it, its deployment, a merge group, and a policy that breaks and is mended. */
beforeAll(async () => {
  world = await peopleWorld();
  const { sim, gatehouse, say, reacted } = world;
  sim.environment({ repo, name: "production", gate: true });
  const { number, headSha } = world.open();
  await world.waiting(headSha, /approval/);
  await reacted(number, say(number, "bob", "/gate hold look at this"), "rocket");
  await world.waiting(headSha, /hold/i);
  await reacted(number, say(number, "eve", "/gate hold me too"), "confused");
  await reacted(number, say(number, "bob", "/gate unhold"), "rocket");
  await reacted(number, say(number, "bob", "/gate override hotfix it is on fire"), "rocket");
  await world.green(headSha, /override/i);
  await reacted(number, say(number, "bob", "/gate override-cancel not any more"), "rocket");
  await world.waiting(headSha, /approval/);
  await reacted(number, say(number, "dora", "/gate freeze production books close"), "rocket");
  sim.review({ repo, number, by: "carol", state: "approve" });
  await world.green(headSha);
  const group = sim.enqueuePull({ repo, number });
  await gateSays(sim, repo, group.headSha, (run) => run.conclusion === "success");
  sim.mergePull({ repo, number, by: "carol" });
  await calm(gatehouse);
  const asked = knock(sim, repo, {
    sha: sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.refs.get("refs/heads/main") ?? "",
    actor: "ada",
  });
  await isHeld(sim, asked, /./);
  await reacted(
    number,
    say(number, "dora", "/gate unfreeze production books are closed"),
    "rocket",
  );
  await reacted(number, say(number, "dora", "/gate approve production"), "rocket");
  await opens(sim, asked);
  await calm(gatehouse);
  await reacted(
    number,
    say(number, "dora", "/gate freeze production until 2099-01-01T00:00Z for ever"),
    "rocket",
  );
  await isRejected(sim, knock(sim, repo, { sha: asked.sha, actor: "ada" }));
  const other = world.open({ head: "other", title: "chore: no feature" });
  await gateSays(sim, repo, other.headSha, (run) => run.conclusion === "failure");
  sim.commit({
    repo,
    branch: "main",
    files: { ".github/gatehouse.yml": "version: 1\nrules: 7\n" },
    author: "carol",
  });
  await gateSays(sim, repo, other.headSha, (run) => /Policy error/.test(run.title ?? ""));
  sim.commit({
    repo,
    branch: "main",
    files: { ".github/gatehouse.yml": `${peoplePolicy}# mended\n` },
    author: "carol",
  });
  await gateSays(
    sim,
    repo,
    other.headSha,
    (run) => run.conclusion === "failure" && !/Policy error/.test(run.title ?? ""),
  );
  await calm(gatehouse);
}, 120_000 * patience);

describe("the record", () => {
  it("makes every decision again, to the last word, from its record", async () => {
    const decisions = await replay();
    expect(decisions.filter(({ kind }) => kind !== "same")).toEqual([]);
    expect(new Set(decisions.map(({ subject }) => subject?.split(":")[0]))).toEqual(
      new Set(["pr", "mg", "dep"]),
    );
    expect(decisions.length).toBeGreaterThan(8);
    const bytes = inDatabase((db) =>
      db
        .prepare(
          "select sum(length(packed)) as kept, count(*) as pieces, (select sum(length(detail)) from audit_log where kind = 'decision') as log from kept_inputs",
        )
        .get([]),
    ) as { readonly kept: number; readonly pieces: number; readonly log: number };
    console.info(
      `replay: ${decisions.length} decisions; a decision takes ${Math.round(bytes.kept / decisions.length)} bytes of inputs (${bytes.pieces} pieces) and ${Math.round(bytes.log / decisions.length)} of the log`,
    );
  });

  it("every decision names head, base, policy, evidence and the digests of what it stood on", async () => {
    for (const { detail, subject } of (await recorded()).filter(
      ({ kind }) => kind === "decision",
    )) {
      expect(detail).toMatchObject({
        head: expect.stringMatching(/^[0-9a-f]{40}$/),
        policy: expect.stringMatching(/^[0-9a-f]{16}$/),
        evidence: expect.any(Array),
        blobs: { repository: expect.stringMatching(/^[0-9a-f]{40}$/) },
        inputs: { policy: expect.stringMatching(/^[0-9a-f]{64}$/) },
      });
      if (subject?.startsWith("dep:") === false) expect(detail["base"]).toMatch(/^[0-9a-f]{40}$/);
    }
  });

  it.each<readonly [string, Partial<Recorded> & { readonly detail?: object }]>([
    ["policy", { detail: { from: null } }],
    ["policy", { actor: "carol", detail: { valid: false } }],
    ["policy", { actor: "carol", detail: { valid: true } }],
    ["command", { actor: "bob", detail: { command: "hold", outcome: "done" } }],
    [
      "command",
      {
        actor: "eve",
        detail: { command: "hold", outcome: "refused", because: expect.stringMatching(/triage/) },
      },
    ],
    ["hold", { actor: "bob", detail: { reason: "look at this" } }],
    ["unhold", { actor: "bob" }],
    ["override", { actor: "bob", detail: { name: "hotfix" } }],
    ["override_granted", { actor: "bob", detail: { name: "hotfix", reason: "it is on fire" } }],
    ["override_over", { detail: { because: "cancelled" } }],
    ["override_cancel", { actor: "bob" }],
    ["freeze", { actor: "dora", detail: { environment: "production" } }],
    ["unfreeze", { actor: "dora" }],
    ["approve", { actor: "dora", detail: { environment: "production" } }],
    ["effect", { detail: { effect: "check_run", outcome: "sent", conclusion: "success" } }],
    ["effect", { detail: { effect: "reaction", content: "rocket" } }],
    ["effect", { detail: { effect: "deployment_review", state: "approved" } }],
  ])("%s is on record: %o", async (kind, wanted) => {
    const { detail, ...rest } = wanted;
    const found = (await recorded()).filter((record) => record.kind === kind);
    expect(found).toContainEqual(
      expect.objectContaining({
        ...rest,
        ...(detail === undefined ? {} : { detail: expect.objectContaining(detail) }),
      }),
    );
  });

  it("each effect that GitHub took is recorded once for each content", async () => {
    const sent = (await recorded())
      .filter(({ kind, detail }) => kind === "effect" && detail["outcome"] === "sent")
      .map(({ detail }) => `${String(detail["key"])} ${String(detail["content"])}`);
    const reactions = sent.filter((key) => key.startsWith("reaction:"));
    expect(new Set(reactions).size).toBe(reactions.length);
  });

  it("T48: a fact that was changed afterwards is found, and so is one that was removed", async () => {
    const [decision] = (await recorded()).filter(({ kind }) => kind === "decision");
    const { facts } = decision?.detail["inputs"] as {
      readonly facts: Readonly<Record<string, string>>;
    };
    const digest = facts["pull_request"] ?? "";
    const before = inDatabase((db) =>
      db.prepare("select packed from kept_inputs where digest = ?").get([digest]),
    ) as { readonly packed: Buffer };
    const changed = inflateRawSync(before.packed).toString().replace('"open"', '"closed"');
    inDatabase((db) =>
      db
        .prepare("update kept_inputs set packed = ? where digest = ?")
        .run([deflateRawSync(changed), digest]),
    );
    const found = (await replay()).filter(({ kind }) => kind !== "same");
    expect(found[0]).toMatchObject({
      kind: "tampered",
      because: "the fact pull_request is not what was recorded",
    });
    inDatabase((db) => db.prepare("delete from kept_inputs where digest = ?").run([digest]));
    expect((await replay()).filter(({ kind }) => kind !== "same")[0]).toMatchObject({
      kind: "tampered",
      because: "the fact pull_request is missing, and was not removed by age",
    });
    inDatabase((db) =>
      db
        .prepare("insert into kept_inputs values (?, ?, ?)")
        .run([digest, before.packed, Date.now()]),
    );
    expect((await replay()).every(({ kind }) => kind === "same")).toBe(true);
    expect(await inStore((store) => verifyAudit(store))).toMatchObject({ kind: "ok" });
  });

  it("what was removed by age is told from what is missing", async () => {
    const before = Date.now() + 2 * 24 * 3_600_000;
    await inStore(async (store) => {
      expect(await store.inputs.prune(before)).toBeGreaterThan(0);
      await store.audit.append([
        {
          at: Date.now(),
          kind: "inputs_removed",
          repository: null,
          subject: null,
          actor: null,
          detail: { before, pieces: 1 },
        },
      ]);
    });
    const decisions = await replay();
    expect(new Set(decisions.map(({ kind }) => kind))).toEqual(new Set(["removed"]));
    expect(decisions[0]?.because).toMatch(/removed by age \(KEEP_INPUTS_DAYS\)/);
  });

  it("T48: a record that was rewritten is found by replaying too", async () => {
    inDatabase((db) => {
      db.exec("drop trigger audit_log_keeps");
      db.exec(
        'update audit_log set detail = replace(detail, \'"decision":"deny"\', \'"decision":"allow"\') where kind = \'decision\'',
      );
    });
    expect((await replay()).filter(({ kind }) => kind === "tampered").length).toBeGreaterThan(0);
  });
});
