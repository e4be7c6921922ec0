import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Act } from "#core/model/act.ts";
import { inCommentOrder } from "#core/model/comment-order.ts";
import { freezesInForce } from "#core/deployments/freezes-in-force.ts";
import { lastWords } from "#core/deployments/approvals-in-force.ts";
import { holdsInForce } from "#core/overrides/holds.ts";
import { overrideRequests } from "#core/overrides/grant.ts";
import { environments } from "#core/facts/repository.ts";
import { bob, carol, dave, headSha, monday, tell } from "../build.ts";
import { anAct } from "../overrides/builders.ts";
import { effective } from "../policy/some-policy.ts";
import { aDeploymentRow, facts, mergeSha, say, somePolicy, type Saying } from "./a-call.ts";

const second = 1_000;
const at = (seconds: number, comment: number | null): Act["said"] => ({
  at: seconds * second,
  comment,
});

describe("W30: words count in the order in which they were said", () => {
  it("whatever came first: every permutation of comments has one end", () => {
    const words = [3, 5, 9, 12, 14].map((id) =>
      anAct(id % 2 === 0 ? "unhold" : "hold", { id: `comment:${id}:0`, said: at(7, id) }),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(words, { minLength: words.length }), (heard) => {
        const late = heard.map((act, index) => ({ ...act, at: monday + index }));
        expect(inCommentOrder(late).map(({ id }) => id)).toEqual(words.map(({ id }) => id));
      }),
    );
  });

  it("words of one comment, and what GitHub does not number in a second, stay as they were heard", () => {
    const heard = [
      anAct("hold", { id: "button:1", said: at(7, null) }),
      anAct("unhold", { id: "comment:4:0", said: at(7, 4) }),
      anAct("hold", { id: "comment:4:1", said: at(7, 4) }),
      anAct("unhold", { id: "button:2", said: at(7, null) }),
      anAct("hold", { id: "of before", said: null }),
    ];
    expect(inCommentOrder(heard)).toEqual(heard);
    const late = anAct("unhold", { id: "comment:2:0", said: at(6, 2) });
    expect(inCommentOrder([...heard, late]).map(({ id }) => id)).toEqual([
      late.id,
      ...heard.map(({ id }) => id),
    ]);
  });

  it("holds: a late /unhold leaves what was said after it, and says so", () => {
    const later = anAct("hold", { id: "comment:9:0", at: monday - second, said: at(9, 9) });
    const { outcomes, acts } = say("/unhold", { acts: [later], over: { commentedAt: at(8, 8) } });
    expect(holdsInForce(inCommentOrder([later, ...acts]), [])).toHaveLength(1);
    expect(outcomes[0]?.says).toMatch(/said after it \(hold\) stands/);
  });

  const freeze = (id: number, over: Partial<Act> = {}): Act =>
    anAct("freeze", {
      id: `comment:${id}:0`,
      environment: "Staging",
      name: "Staging",
      at: monday - second,
      sha: null,
      said: at(id, id),
      ...over,
    });

  it("freezes: an /unfreeze lifts what was said before it, in one comment too", () => {
    const { acts } = say("/unfreeze staging wrong name\n/freeze staging as month-end books", {
      by: carol,
      acts: [freeze(3)],
      over: { commentedAt: at(8, 8) },
    });
    expect(freezesInForce([freeze(3), ...acts], monday).map(({ name }) => name)).toEqual([
      "month-end",
    ]);
  });

  it("freezes: a late /unfreeze leaves a later freeze, and is refused where it would lift that alone", () => {
    const acts = [freeze(3), freeze(9)];
    const late = say("/unfreeze staging fine", {
      by: carol,
      acts,
      over: { commentedAt: at(8, 8) },
    });
    expect(freezesInForce(inCommentOrder([...acts, ...late.acts]), monday)).toHaveLength(1);
    const alone = say("/unfreeze staging fine", {
      by: carol,
      acts: [freeze(9)],
      over: { commentedAt: at(8, 8) },
    });
    expect(alone.outcomes[0]?.kind).toBe("refused");
  });

  it("approvals: a late yes does not undo a later no", () => {
    const no = anAct("reject", { environment: "qa", sha: headSha, actor: bob, said: at(9, 9) });
    const yes = { ...no, id: "late", kind: "approve" as const, at: monday, said: at(8, 8) };
    const last = lastWords(inCommentOrder([no, yes]), {
      environment: "qa",
      sha: headSha,
      now: monday,
    });
    expect(last.map(({ kind }) => kind)).toEqual(["reject"]);
  });

  it("overrides: what was taken back before it was heard is not granted", () => {
    const cancel = say("/override-cancel", {
      by: dave,
      id: "comment:9",
      now: monday - second,
      over: { commentedAt: at(9, 9) },
    });
    expect(cancel.outcomes[0]?.kind).toBe("refused");
    const late = say("/override hotfix the shop is down", {
      by: dave,
      acts: cancel.acts,
      over: { commentedAt: at(8, 8) },
    });
    expect(late.outcomes[0]).toMatchObject({ kind: "refused" });
    expect(late.outcomes[0]?.says).toMatch(/taken back/);
    const again = say("/override hotfix the shop is down", {
      by: dave,
      id: "comment:10",
      acts: cancel.acts,
      over: { commentedAt: at(10, 10) },
    });
    expect(again.outcomes[0]?.kind).toBe("done");
    const states = overrideRequests(inCommentOrder([...cancel.acts, ...again.acts]), {
      definitions: somePolicy.overrides,
      shas: [headSha],
      now: monday,
      labels: null,
    }).map(({ state }) => state.kind);
    expect(states).toEqual(["granted"]);
  });
});

describe("W2: what is ambiguous is refused", () => {
  const frozen = [
    anAct("freeze", { id: "a", environment: "production", name: "staging", sha: null }),
    anAct("freeze", { id: "b", environment: "staging", name: "staging", sha: null }),
  ].map((act) => ({ ...act, at: monday - second }));

  it.each([
    ["/unfreeze staging db done", 2],
    ["/unfreeze staging as staging db done", 1],
    ["/unfreeze production as staging train left", 1],
    ["/unfreeze production train left", 1],
  ])("%s leaves %i freezes", (body, left) => {
    const { acts } = say(body, { by: carol, acts: frozen });
    expect(freezesInForce([...frozen, ...acts], monday)).toHaveLength(left);
  });

  it("an environment's name is no name for another one's freeze", () => {
    const { outcomes } = say("/freeze production as qa train", {
      by: carol,
      over: { deployments: [aDeploymentRow()] },
    });
    expect(outcomes[0]?.kind).toBe("refused");
  });

  const policy = effective({
    own: `
version: 1
commands: { bare: true }
rules:
  - { name: shut, when: { environments: ["production*", staging] }, require: { approvals: { count: 1 } } }
overrides:
  - { name: emergency, rules: [shut], by: { users: [dave] } }
`,
  });
  const row = (deploymentId: number, environment: string) =>
    aDeploymentRow({
      deploymentId,
      environment,
      sha: mergeSha,
      createdAt: monday + deploymentId,
      gateRequestedAt: monday,
      gateAnsweredAt: null,
    });
  const waiting: Saying = {
    policy,
    by: dave,
    place: { state: "merged", mergeSha },
    table: facts(tell(environments.need(), ["production", "production EU", "staging", "live"])),
    over: { deployments: [row(1, "production"), row(2, "production EU")] },
  };

  it.each([
    ["/emergency the shop is down", 1],
    ["/emergency production is down", 1],
    ["/emergency production's database is down", 1],
    ["/emergency production: it is down", 1],
    ["/emergency production EU is down", 2],
    ["/emergency PRODUCTION  eu: down", 2],
    ['/emergency "production EU" is down', 2],
    ["/emergency \u201cproduction EU\u201d is down", 2],
    ["/emergency production UE is down", "refused"],
    ['/emergency "production UE" is down', "refused"],
    ["/emergency production-eu is down", "refused"],
    ["/emergency prod EU is down", "refused"],
    ["/emergency live is down", "refused"],
    ["/emergency staging is down", "refused"],
  ])("%s is for %s", (body, meant) => {
    const { outcomes, acts } = say(body, waiting);
    const bound = acts[0]?.detail["deployment"] as { readonly id: number } | undefined;
    expect(bound?.id ?? outcomes[0]?.kind).toBe(meant);
  });

  it.each([
    ["that is asked still", monday - 60_000, 1],
    ["that nobody asks any more", monday - 3_600_000, 2],
  ])("an override with a question over the API %s is for %s", (_what, askedAt, meant) => {
    const question = {
      caller: "",
      digest: null,
      asked: 1,
      askedAt,
      judged: null,
      validUntil: null,
    };
    const deployments = [{ ...row(1, "production"), question }, row(2, "production")];
    const { acts } = say("/emergency the shop is down", { ...waiting, over: { deployments } });
    expect(acts[0]?.detail["deployment"]).toMatchObject({ id: meant });
  });

  it.each([
    ["open", "/emergency merge it now, the shop is down", undefined],
    ["open", "/emergency the shop is down", 1],
    ["merged", "/emergency merge it now, the shop is down", 1],
  ] as const)("on an %s pull request %s is for %s", (state, body, meant) => {
    const place = state === "open" ? { state } : { state, mergeSha };
    const rows = [{ ...row(1, "production"), ...(state === "open" ? { sha: headSha } : {}) }];
    const { acts } = say(body, { ...waiting, place, over: { deployments: rows } });
    const bound = acts[0]?.detail["deployment"] as { readonly id: number } | null | undefined;
    expect([acts.length, bound?.id]).toEqual([1, meant]);
  });
});

describe("W35: what reads like a condition is not done at once", () => {
  it.each([
    ["/unhold when legal agrees", "refused"],
    ["/unhold not yet", "refused"],
    ["/unhold, but only after noon", "refused"],
    ["/unhold at 18:00", "refused"],
    ["/unhold", "done"],
    ["/unhold legal has looked", "done"],
    ["/unhold butter is fine", "done"],
  ])("%s is %s", (body, kind) => {
    expect(say(body).outcomes[0]?.kind).toBe(kind);
  });
});
