import { rollbackHistory } from "#core/facts/deployments.ts";
import { describe, expect, it } from "vitest";
import { commands } from "#core/commands/index.ts";
import { commandNames } from "#core/commands/names.ts";
import { account, teamMembers } from "#core/facts/people.ts";
import { overrideRequests } from "#core/overrides/grant.ts";
import { overrideState } from "#core/render/override.ts";
import { environments } from "#core/facts/repository.ts";
import {
  aCommit,
  alice,
  anIdentity,
  bob,
  cannotRead,
  carol,
  dave,
  eve,
  headSha,
  minute,
  monday,
  olderSha,
  sha,
  tell,
} from "../build.ts";
import { commits } from "#core/facts/pull-request.ts";
import { anAct, anOverrideAct, emergency } from "../overrides/builders.ts";
import { effective } from "../policy/some-policy.ts";
import { aDeploymentRow, facts, mergeSha, say, somePolicy, type Saying } from "./a-call.ts";

const kind = (body: string, saying: Saying = {}): string | undefined =>
  say(body, saying).outcomes.at(-1)?.kind;
const words = (body: string, saying: Saying = {}): string => {
  const outcome = say(body, saying).outcomes.at(-1);
  return outcome === undefined ? "not known yet" : (outcome.says ?? "");
};
const merged = { place: { state: "merged", mergeSha } } as const;
const waiting = { over: { deployments: [aDeploymentRow()] } };
/** Whoever may write approves, where a rule asks for approvals and names nobody. */
const anybodyWrites = effective({
  own: "version: 1\nrules: [{ name: release, require: { approvals: {} } }]\n",
});
const review = {
  repository: 1,
  key: "override:comment:0:0",
  purpose: "review",
  issue: 12,
  state: "open",
  openedAt: 0,
  dueAt: monday - 1,
  closedAt: null,
  detail: { override: "emergency" },
} as const;

const placeless = { over: { reviews: [{ ...review, issue: null }] } };

describe("the list of commands", () => {
  it("has one of each name", () => {
    expect(commands.map(({ name }) => name).toSorted()).toEqual(
      Object.keys(commandNames).toSorted(),
    );
  });
});

describe("authority", () => {
  it.each<[string, typeof alice, "done" | "refused" | "answer", Saying?]>([
    ["/hold", bob, "done"],
    ["/hold wait", eve, "refused"],
    ["/unhold", bob, "done"],
    ["/unhold", eve, "refused"],
    ["/recheck", bob, "done"],
    ["/refresh", alice, "done"],
    ["/recheck", eve, "refused"],
    ["/approve production", carol, "done", { ...merged, ...waiting }],
    ["/approve production", dave, "refused", { ...merged, ...waiting }],
    [
      "/approve staging",
      dave,
      "done",
      {
        ...merged,
        policy: anybodyWrites,
        over: { deployments: [aDeploymentRow({ environment: "staging" })] },
      },
    ],
    [
      "/approve staging",
      bob,
      "refused",
      {
        ...merged,
        policy: anybodyWrites,
        over: { deployments: [aDeploymentRow({ environment: "staging" })] },
      },
    ],
    ["/reject production broken", dave, "done", { ...merged, ...waiting }],
    ["/reject production broken", bob, "refused", { ...merged, ...waiting }],
    ["/override emergency down, OPS-1", bob, "done"],
    ["/override emergency down, OPS-1", dave, "refused"],
    ["/override reviewed down, OPS-1", bob, "done"],
    ["/override hotfix down", dave, "done"],
    ["/override tested down", dave, "done"],
    ["/override never down, OPS-1", bob, "refused"],
    ["/emergency down, OPS-1", carol, "done"],
    ["/emergency down, OPS-1", eve, "refused"],
    ["/freeze production books close", carol, "done"],
    ["/freeze production books close", dave, "refused"],
    [
      "/rollback production broken",
      dave,
      "done",
      {
        over: {
          deployments: [
            aDeploymentRow({ sha: sha("d"), succeededAt: monday }),
            aDeploymentRow({ deploymentId: 4, sha: sha("e"), succeededAt: monday - 1 }),
          ],
        },
      },
    ],
    ["/rollback production broken", bob, "refused", waiting],
    ["/reviewed emergency the cache was full", eve, "done", placeless],
    ["/reviewed Emergency the cache was full", eve, "done", placeless],
    ["/reviewed emergency", eve, "refused", placeless],
    ["/reviewed hotfix the cache was full", eve, "refused", placeless],
    ["/reviewed emergency the cache was full", bob, "refused", placeless],
    ["/reviewed emergency the cache was full", eve, "refused"],
    ["/reviewed emergency the cache was full", eve, "refused", { over: { reviews: [review] } }],
    ["/help", eve, "answer"],
    ["/status", eve, "answer"],
    ["/explain", eve, "answer"],
    ["/freezes", eve, "answer"],
    ["/when production", eve, "answer"],
  ])("%s by %o: %s", (body, by, expected, saying = {}) => {
    expect(kind(body, { ...saying, by })).toBe(expected);
  });

  it.each<[string, typeof alice, "done" | "refused", Saying?]>([
    ["/hold", bob, "done"],
    ["/hold cancel", bob, "refused"],
    ["/unhold", bob, "refused"],
    ["/recheck", bob, "done"],
    ["/approve production", carol, "refused", { ...merged, ...waiting }],
    ["/reject production broken", dave, "done", { ...merged, ...waiting }],
    ["/override emergency down, OPS-1", bob, "refused"],
    ["/override hotfix down", dave, "refused"],
    ["/confirm", carol, "refused", { acts: say("/override emergency down, OPS-1").acts }],
    ["/freeze production books close", carol, "done"],
    ["/unfreeze production", carol, "refused"],
    ["/rollback production broken", dave, "refused", waiting],
    ["/reviewed emergency the cache was full", eve, "refused", placeless],
  ])(
    "of a coding agent with a user's account stops and opens nothing: %s",
    (body, by, expected, saying = {}) => {
      const policy = { ...somePolicy, agents: ["bob", "Carol", "dave", "eve"] };
      expect(kind(body, { ...saying, policy, by })).toBe(expected);
      if (expected === "refused")
        expect(words(body, { ...saying, policy, by })).toMatch(/A coding agent may hold/);
    },
  );

  it("is not guessed where a team cannot be read", () => {
    expect(
      kind("/emergency down, OPS-1", { table: facts(cannotRead(teamMembers.need("commanders"))) }),
    ).toBeUndefined();
  });

  it("names who may, without calling them", () => {
    expect(words("/emergency down, OPS-1", { by: dave })).toMatch(
      /^Only @\u2060acme\/commanders may grant/,
    );
  });
});

describe("holds", () => {
  it("keep the reason, and are lifted but for labels", () => {
    expect(say("/hold until Monday").acts).toMatchObject([
      { id: "comment:1:0", kind: "hold", reason: "until Monday", actor: bob, pullRequest: 7 },
    ]);
    expect(words("/unhold", { place: { labels: ["do-not-merge/release"] } })).toMatch(
      /do-not-merge\/release still stands/,
    );
    expect(words("/unhold")).toBe("");
  });
});

describe("overrides", () => {
  const asked = say("/override emergency down, OPS-1").acts;

  it("are asked for with everything that they are bound to", () => {
    expect(asked).toMatchObject([
      {
        kind: "override",
        name: "emergency",
        sha: headSha,
        reason: "down, OPS-1",
        detail: { rules: ["reviewed", "tested"], ticket: "OPS-1", label: null, wrote: false },
      },
    ]);
    expect(words("/override emergency down, OPS-1")).toMatch(
      /⏳ \*\*emergency\*\*, asked for by .*bob.* waits for one more person .*\/gate confirm/,
    );
  });

  it("T53: of one rule are for that rule alone", () => {
    expect(say("/override reviewed down, OPS-1").acts).toMatchObject([
      { name: "emergency", detail: { rules: ["reviewed"] } },
    ]);
  });

  it.each<[string, string, RegExp, Saying?]>([
    ["no reason", "/override emergency", /needs a reason/],
    ["a reason that nobody sees", "/override emergency \u200b\u2060", /needs a reason/],
    ["no ticket", "/override emergency it is down", /must carry an issue or ticket/],
    ["no name", "/override", /Which override\? .*emergency, hotfix/],
    ["a slip of the pen", "/override emergancy down, OPS-1", /Did you mean emergency\?/],
    [
      "a rule that no override lists",
      "/override never down, OPS-1",
      /No override of the policy lists the rule never/,
    ],
    [
      "T6: the head moved",
      "/override emergency down, OPS-1",
      /head of the pull request moved/,
      { place: { seenSha: null } },
    ],
    [
      "a closed pull request",
      "/override emergency down, OPS-1",
      /closed without being merged/,
      { place: { state: "closed" } },
    ],
    [
      "the same again",
      "/override emergency down, OPS-1",
      /asked for .*before/,
      { acts: asked, by: bob },
    ],
    [
      "an overdue review",
      "/override emergency down, OPS-1",
      /review of an earlier emergency is overdue .*#12/,
      { over: { reviews: [review] } },
    ],
    [
      "an overdue review without an issue",
      "/override emergency down, OPS-1",
      /is overdue .*There is no issue for it: .*`\/gate reviewed emergency <what you found>`/,
      { over: { reviews: [{ ...review, issue: null }] } },
    ],
    [
      "an overdue review whose issue is gone",
      "/override emergency down, OPS-1",
      /is overdue .*There is no issue for it/,
      { over: { reviews: [{ ...review, detail: { ...review.detail, unseen: true } }] } },
    ],
  ])("are refused: %s", (_why, body, says, saying = {}) => {
    expect(kind(body, saying)).toBe("refused");
    expect(words(body, saying)).toMatch(says);
  });

  it.each([
    ["by is who asked", [bob], bob, /nobody can: Nobody of @.?acme\/commanders is left/],
    ["the outsider that it needs is not there", [alice], alice, /nobody can: .*is left|Everybody/],
    ["by is only people of the change", [alice, alice], alice, /nobody can: /],
    ["somebody is left", [alice, bob, carol], bob, /gate confirm`, by [^⚠]*$/u],
  ])("W45: say so where nobody is left: %s", (_what, commanders, by, says) => {
    const table = facts(tell(teamMembers.need("commanders"), commanders));
    expect(words("/override emergency down, OPS-1", { by, table })).toMatch(says);
  });

  it("may be asked for again after a push", () => {
    const before = asked.map((act) => ({ ...act, sha: olderSha }));
    expect(kind("/override emergency down, OPS-1", { acts: before, id: "comment:2" })).toBe("done");
  });

  it("bind to the merge commit once it is there", () => {
    expect(say("/override emergency down, OPS-1", merged).acts).toMatchObject([{ sha: mergeSha }]);
  });

  it("an approval ahead of the merge says for what it counts", () => {
    expect(words("/approve production", { by: carol })).toMatch(
      /for a deployment of `[0-9a-f]{7}` itself to production\. .* say `\/gate approve production` again once the pull request is merged/,
    );
    expect(say("/approve production", { ...merged, by: carol }).outcomes).toMatchObject([
      { kind: "done", says: null },
    ]);
  });

  it("T52: who asked for the deployment, or ran it again, does not let it through alone", () => {
    const at = (person: typeof bob): Saying => ({
      ...merged,
      by: dave,
      over: {
        deployments: [aDeploymentRow()],
        requesters: new Map([[5, [person]]]),
      },
      policy: effective({
        own: `version: 1
rules: [{ name: tested, applies_to: deployment, require: { checks: { names: [unit] } } }]
overrides: [{ name: hotfix, rules: [tested], by: { users: [dave, carol] } }]
`,
      }),
      table: facts(tell(account.need("carol"), carol)),
    });
    expect(words("/override hotfix down", at(dave))).toMatch(
      /waits for one more person of .* who neither had a hand in the change nor asked for the deployment/,
    );
    expect(words("/override hotfix down", at(bob))).toMatch(/granted by/);
    const asked = say("/override hotfix down", at(dave)).acts;
    expect(words("/confirm", { ...at(dave), by: carol, acts: asked, id: "comment:2" })).toMatch(
      /granted by .*dave.*, confirmed by .*carol/,
    );
  });

  it("say how to ask again once they are over", () => {
    const request = anOverrideAct();
    const [over] = overrideRequests([request], {
      definitions: [emergency()],
      shas: [olderSha],
      now: monday + 3_600_000,
      labels: null,
    });
    if (over === undefined) throw new Error("no request");
    const [, printed = ""] = /Ask again where it is still needed: `(.*?)`/.exec(
      overrideState(over, "acme", "new"),
    ) ?? [""];
    expect(printed).toBe("/gate override reviewed <reason>");
    expect(kind(printed.replace("<reason>", "down, OPS-1"))).toBe("done");
    expect(overrideState({ ...over, definition: null }, "acme", "new")).not.toContain("Ask again");
  });

  it.each<[string, typeof alice, "done" | "refused", RegExp, Saying?]>([
    [
      "a second commander",
      carol,
      "done",
      /🔓 \*\*emergency\*\*, granted by .*bob.*, confirmed by .*carol.*, lets `reviewed`, `tested` through/,
    ],
    ["T52: who asked", bob, "refused", /does not count twice/],
    ["somebody without the right", dave, "refused", /Only .* may confirm/],
    ["T52: an author of the change, where nobody else is needed", alice, "done", /🔓/],
    ["T53: too late", carol, "refused", /No override waits/, { now: monday + 5 * 3_600_000 }],
    [
      "T6: after the head moved",
      carol,
      "refused",
      /head of the pull request moved/,
      { place: { seenSha: null } },
    ],
    [
      "T29: after a push",
      carol,
      "refused",
      /No override waits/,
      { place: { headSha: olderSha, seenSha: olderSha } },
    ],
  ])("are confirmed by %s: %o %s", (_who, by, expected, says, saying = {}) => {
    const around: Saying = { now: monday + minute, ...saying, acts: asked, by, id: "comment:2" };
    expect(kind("/confirm", around)).toBe(expected);
    expect(words("/confirm", around)).toMatch(says);
  });

  it("T52: authors of the change alone never suffice", () => {
    const byAuthors = facts(
      tell(commits.need(), [aCommit({ authors: [anIdentity(bob), anIdentity(carol)] })]),
    );
    const first = say("/emergency down, OPS-1", { table: byAuthors });
    expect(first.acts).toMatchObject([{ detail: { wrote: true } }]);
    expect(
      words("/confirm", {
        table: byAuthors,
        acts: first.acts,
        by: carol,
        id: "comment:2",
        now: monday + 1,
      }),
    ).toMatch(/waits for one more person .* who had no hand in the change/);
  });

  it("are taken back by who asked, and by who may", () => {
    for (const by of [bob, carol])
      expect(kind("/override-cancel", { acts: asked, by, id: "comment:2" })).toBe("done");
    for (const by of [dave, eve])
      expect(kind("/override-cancel", { acts: asked, by, id: "comment:2" })).toBe("refused");
    expect(words("/override-cancel")).toMatch(/No override is asked for/);
  });

  it("of one comment see each other", () => {
    expect(
      say("/emergency down, OPS-1\n/override-cancel", { by: bob }).outcomes.map(
        (outcome) => outcome?.kind,
      ),
    ).toEqual(["done", "done"]);
  });

  it("T32: keep a hostile reason inert", () => {
    expect(
      words("/emergency ![x](https://e.example/p) @acme/everyone <img> OPS-1 \u202e"),
    ).not.toMatch(/!\[|@acme\/everyone|<img>|\u202e/);
  });
});

describe("deployments", () => {
  const spoken = (body: string, saying: Saying = {}): unknown =>
    say(body, { by: carol, ...saying }).acts[0];

  it.each<[string, string, Saying, object]>([
    [
      "the merge commit that waits",
      "/approve production",
      { ...merged, ...waiting },
      { kind: "approve", environment: "production", sha: mergeSha },
    ],
    [
      "names without case",
      "/approve PRODUCTION",
      { ...merged, ...waiting },
      { environment: "production" },
    ],
    [
      "a commit by its beginning",
      `/approve production ${mergeSha.slice(0, 7)} looks good`,
      { ...merged, ...waiting },
      { sha: mergeSha, reason: "looks good" },
    ],
    ["the head before the merge", "/approve production", {}, { sha: headSha }],
    [
      "a commit that this pull request speaks for",
      "/approve production",
      {
        over: {
          deployments: [aDeploymentRow({ sha: sha("d") })],
          commitsOnProtectionRules: [sha("d")],
        },
      },
      { sha: sha("d") },
    ],
    [
      "a rejection with its reason",
      "/reject production it is broken",
      { ...merged, ...waiting },
      { kind: "reject", reason: "it is broken", sha: mergeSha },
    ],
  ])("bind to %s", (_what, body, saying, act) => {
    expect(spoken(body, saying)).toMatchObject(act);
  });

  it.each<[string, string, Saying, RegExp]>([
    ["no environment", "/approve", {}, /Which environment\?/],
    [
      "T40: a slip of the pen",
      "/approve prodution",
      waiting,
      /no environment prodution .*Did you mean production\?/,
    ],
    [
      "T6: the head moved",
      "/approve production",
      { place: { seenSha: null } },
      /head of the pull request moved/,
    ],
    ["T39: a commit that is not here", "/approve production 0123456", waiting, /neither waits/],
    ["T6: a commit of before", `/approve production ${olderSha}`, waiting, /neither waits/],
    [
      "several commits",
      "/approve production",
      {
        ...merged,
        over: {
          deployments: [aDeploymentRow(), aDeploymentRow({ deploymentId: 6, sha: headSha })],
        },
      },
      /Several commits/,
    ],
    [
      "W35: an approval where another commit waits",
      "/approve production",
      waiting,
      /which this pull request did not bring/,
    ],
    [
      "W35: an approval that no rule asks for",
      "/approve staging",
      { by: dave, ...waiting },
      /No rule of the policy asks for an approval/,
    ],
    [
      "W35: an approval by who opened it, before anything waits",
      "/approve production",
      { place: { ...merged.place, author: carol } },
      /You had a hand in this change/,
    ],
    [
      "W35: an approval by who wrote it, before anything waits",
      "/approve production",
      {
        ...merged,
        table: facts(tell(commits.need(), [aCommit({ authors: [anIdentity(carol)] })])),
      },
      /You had a hand in this change/,
    ],
    ["W35: a rejection of nothing", "/reject production it is broken", merged, /waits for/],
    [
      "a rejection without a reason",
      "/reject production",
      { ...merged, ...waiting },
      /needs a reason/,
    ],
  ])("are refused: %s", (_why, body, saying, says) => {
    expect(kind(body, { by: carol, ...saying })).toBe("refused");
    expect(words(body, { by: carol, ...saying })).toMatch(says);
  });

  it("W50: a roll back finds what the record lacks and GitHub knows, and not what proves nothing", () => {
    const need = rollbackHistory.need({ environment: "production", sha: "fffffff" });
    const row = aDeploymentRow({ sha: sha("f"), succeededAt: monday - minute });
    const known = (rows: readonly (typeof row)[]): Saying => ({
      by: carol,
      table: facts(tell(need, rows)),
    });
    const body = "/rollback production to fffffff it is broken";
    expect(say(body, known([row])).acts).toMatchObject([{ kind: "rollback", sha: sha("f") }]);
    expect(words(body, known([{ ...row, provesNothing: true }]))).toMatch(/past this gate/);
  });

  it("are rolled back to what ran before", () => {
    const deployments = [
      aDeploymentRow({ deploymentId: 9, sha: sha("d"), succeededAt: monday }),
      aDeploymentRow({ deploymentId: 4, sha: sha("e"), succeededAt: monday - minute }),
      aDeploymentRow({ deploymentId: 3, sha: sha("f"), succeededAt: monday - 2 * minute }),
    ];
    const around: Saying = { by: carol, over: { deployments } };
    expect(say("/rollback production it is broken", around).acts).toMatchObject([
      { kind: "rollback", environment: "production", sha: sha("e"), reason: "it is broken" },
    ]);
    expect(say("/rollback production to fffffff it is broken", around).acts).toMatchObject([
      { sha: sha("f") },
    ]);
    expect(words("/rollback production to 1234567 it is broken", around)).toMatch(
      /never ran successfully/,
    );
    expect(words("/rollback production", around)).toMatch(/needs a reason/);
  });
});

describe("freezes", () => {
  const frozen = (body: string): unknown => say(body, { by: carol }).acts[0];

  it.each<[string, object]>([
    [
      "/freeze production books close",
      {
        environment: "production",
        name: "production",
        reason: "books close",
        expiresAt: null,
        detail: { from: null, until: null },
      },
    ],
    ["/freeze production as month-end books close", { name: "month-end", reason: "books close" }],
    [
      "/freeze production until 2026-03-05T18:00Z books close",
      { expiresAt: Date.UTC(2026, 2, 5, 18), reason: "books close" },
    ],
    [
      "/freeze production until 2026-03-05 18:00 books close",
      { expiresAt: Date.UTC(2026, 2, 5, 17) },
    ],
    [
      "/freeze production from 2026-03-04 until 2026-03-05T18:00:30+02:00 x",
      { detail: { from: Date.UTC(2026, 2, 3, 23), until: Date.UTC(2026, 2, 5, 16, 0, 30) } },
    ],
    [
      "/freeze production until 2026-10-25 02:30 as x clocks change",
      { name: "x", expiresAt: Date.UTC(2026, 9, 25, 1, 30) },
    ],
    [
      "/freeze production from 2026-10-25 02:30 clocks change",
      { detail: { from: Date.UTC(2026, 9, 25, 0, 30) } },
    ],
    ["/freeze production* all of them", { environment: "production*", reason: "all of them" }],
  ])("%s", (body, act) => {
    expect(frozen(body)).toMatchObject({ kind: "freeze", ...act });
  });

  it.each<[string, RegExp]>([
    ["/freeze production", /needs a reason/],
    ["/freeze production until Monday", /After `until` comes an instant/],
    ["/freeze production until 2026-02-30 x", /After `until` comes/],
    ["/freeze production until 2020-01-01 x", /before it begins/],
    ["/freeze production as <b> x", /name of a freeze/],
    ["/freeze prodction x", /no environment/],
    ["/freeze", /Which environment/],
    ["/unfreeze nothing done", /No freeze made with/],
  ])("%s is refused", (body, says) => {
    expect(words(body, { by: carol })).toMatch(says);
  });

  it.each<[string, string, object]>([
    ["one that was deployed to", "/freeze production x", { environment: "production" }],
    [
      "one that only the repository knows, as it is spelt there",
      "/freeze STAGING x",
      { environment: "Staging" },
    ],
  ])("know %s", (_what, body, act) => {
    expect(frozen(body)).toMatchObject({ kind: "freeze", ...act });
  });

  it("W29: refuse a name that only a pattern of the policy takes: nothing is recorded for what is not there", () => {
    for (const body of ["/freeze production-eu x", '/freeze "production UE" x'])
      expect(kind(body, { by: carol })).toBe("refused");
  });

  it.each([
    ["as a from 2026-03-04 until 2026-03-06", "as, from, until"],
    ["as a until 2026-03-06 from 2026-03-04", "as, until, from"],
    ["from 2026-03-04 as a until 2026-03-06", "from, as, until"],
    ["from 2026-03-04 until 2026-03-06 as a", "from, until, as"],
    ["until 2026-03-06 as a from 2026-03-04", "until, as, from"],
    ["UNTIL 2026-03-06 FROM 2026-03-04 AS a", "in capitals"],
  ])("take their arguments in any order: %s", (said) => {
    expect(frozen(`/freeze production ${said} the books close`)).toMatchObject({
      name: "a",
      reason: "the books close",
      expiresAt: Date.UTC(2026, 2, 5, 23),
      detail: { from: Date.UTC(2026, 2, 3, 23), until: Date.UTC(2026, 2, 5, 23) },
    });
  });

  it("are not guessed where the repository's environments cannot be read", () => {
    expect(
      kind("/freeze nowhere x", { by: carol, table: facts(cannotRead(environments.need())) }),
    ).toBeUndefined();
  });

  it("of the policy are listed with what the clock says", () => {
    const policy = effective({
      own: "rules: [{ name: a, applies_to: deployment, require: { not_frozen: true } }]\nfreezes:\n  - { name: month-end, timezone: UTC, environments: [production], during: { from: '2026-03-01T00:00', until: '2026-03-03T00:00' }, reason: Books close }\n  - { name: winter, timezone: UTC, during: { from: '2026-12-24T00:00', until: '2026-12-27T00:00' }, reason: Holidays }\n",
    });
    const answer = words("/freezes", { policy });
    expect(answer).toMatch(
      /- month-end .*policy.*, production: freeze month-end is on until Tue 2026-03-03 00:00 UTC: Books close/,
    );
    expect(answer).toMatch(
      /- winter .*policy.*: freeze winter is off until Thu 2026-12-24 00:00 UTC .*Holidays/,
    );
  });

  it("are lifted by name or environment, with a reason", () => {
    const acts = [
      anAct("freeze", {
        environment: "production",
        name: "month-end",
        sha: null,
        pullRequest: 3,
        at: monday - minute,
        reason: "books",
      }),
    ];
    for (const word of ["month-end", "PRODUCTION"])
      expect(say(`/unfreeze ${word} books are closed`, { by: carol, acts }).acts).toMatchObject([
        { kind: "unfreeze", reason: "books are closed" },
      ]);
    expect(words("/unfreeze month-end", { by: carol, acts })).toMatch(/needs a reason/);
    expect(words("/unfreeze other x", { by: carol, acts })).toMatch(/On are: month-end/);
    expect(words("/freezes", { acts })).toMatch(/- month-end, production, by .*carol|bob.*books/);
  });
});

describe("answers", () => {
  it("help names people, and marks what this reader may", () => {
    const answer = words("/help", { by: carol });
    expect(answer).toContain("`/gate approve <environment> [sha]`");
    expect(answer).toMatch(
      /emergency: @\u2060acme\/commanders \(@\u2060alice, @\u2060bob, @\u2060carol\)/,
    );
    expect(answer.split("\n").find((line) => line.includes("/gate hold"))).toContain("✔");
    expect(
      words("/help", { by: eve })
        .split("\n")
        .find((line) => line.includes("/gate hold")),
    ).not.toContain("✔");
  });

  it("help says so where a team cannot be read", () => {
    expect(words("/help", { table: facts(cannotRead(teamMembers.need("commanders"))) })).toContain(
      "whose members cannot be read",
    );
  });

  it("when says whether it is open, and until when", () => {
    expect(words("/when production")).toMatch(
      /^\*\*production\*\* is open now: .*That changes at 2026-03-02 16:00 UTC/,
    );
    expect(words("/when production", { now: Date.UTC(2026, 2, 7, 10) })).toMatch(/closed now/);
  });

  it("of what nobody judged say so", () => {
    expect(words("/status")).toMatch(/not judged yet/);
    expect(words("/explain reviewed")).toMatch(/not judged yet/);
  });

  it("name the nearest command", () => {
    expect(words("/gate aprove production")).toBe(
      "There is no command `aprove`. Did you mean `/gate approve`?",
    );
    expect(words("/gate xyzzyplugh")).toMatch(/`\/gate help` lists them/);
  });
});
