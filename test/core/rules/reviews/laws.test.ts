import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ReviewFact, reviewStates } from "#core/facts/reviews.ts";
import { reviews } from "#core/rules/reviews/rule.ts";
import {
  aFile,
  aPerson,
  aReview,
  alice,
  bob,
  carol,
  dave,
  headSha,
  minute,
  monday,
  olderSha,
} from "../../build.ts";
import { judge } from "../../judge.ts";
import { type World, world } from "./facts.ts";

const insiders = [alice, bob, carol, dave];

const aHistory = fc.array(
  fc.record({
    by: fc.constantFrom(...insiders),
    state: fc.constantFrom(...reviewStates),
    commitSha: fc.constantFrom(headSha, olderSha, null),
    submittedAt: fc.integer({ min: 0, max: 20 }).map((n) => monday + n * minute),
    canPush: fc.constant(true),
  }),
  { maxLength: 8 },
);

const someParams = fc.record({
  approvals: fc.integer({ min: 0, max: 3 }),
  stale: fc.constantFrom("dismiss", "keep_if_same_diff", "keep"),
  allow_author: fc.boolean(),
  code_owners: fc.boolean(),
});

const around = {
  teams: { security: [bob] },
  files: [aFile("src/a.ts")],
  codeowners: "/src/ @carol @bob",
  changedSince: { [olderSha]: ["src/a.ts"] },
} satisfies World;
const verdictOn = (params: unknown, history: readonly ReviewFact[]) =>
  judge(reviews, params, world({ ...around, reviews: history }));

describe("laws of reviews", () => {
  it("approvals by outsiders never change the verdict", () => {
    fc.assert(
      fc.property(
        someParams,
        aHistory,
        fc.array(fc.constantFrom("mallory", "trent", "oscar"), { maxLength: 4 }),
        (params, history, outsiders) => {
          const more = outsiders.map((login, i) =>
            aReview(aPerson(login), { canPush: false, submittedAt: monday + i }),
          );
          expect(verdictOn(params, [...history, ...more]).kind).toBe(
            verdictOn(params, history).kind,
          );
        },
      ),
    );
  });

  it("a further approval of the head never turns a pass into anything else", () => {
    fc.assert(
      fc.property(someParams, aHistory, fc.constantFrom(...insiders), (params, history, by) => {
        const further = aReview(by, { submittedAt: monday + 100 * minute });
        if (verdictOn(params, history).kind === "pass")
          expect(verdictOn(params, [...history, further]).kind).toBe("pass");
      }),
    );
  });

  it("the order of reviews of different people does not matter", () => {
    fc.assert(
      fc.property(someParams, aHistory, fc.infiniteStream(fc.nat()), (params, history, ranks) => {
        const byPerson = insiders.map((person) =>
          history
            .filter((review) => review.by.id === person.id)
            .sort((a, b) => a.submittedAt - b.submittedAt),
        );
        const rank = new Map(insiders.map((person) => [person.id, ranks.next().value ?? 0]));
        const shuffled = [...byPerson]
          .sort((a, b) => (rank.get(a[0]?.by.id ?? 0) ?? 0) - (rank.get(b[0]?.by.id ?? 0) ?? 0))
          .flat();
        expect(verdictOn(params, shuffled)).toEqual(verdictOn(params, byPerson.flat()));
      }),
    );
  });

  it("a person's newest decisive review is the only one that speaks for them", () => {
    fc.assert(
      fc.property(
        someParams,
        aHistory,
        fc.constantFrom("approved", "changes_requested", "dismissed" as const),
        (params, history, state) => {
          const newest = insiders.map((by) =>
            aReview(by, { state, submittedAt: monday + 100 * minute }),
          );
          expect(verdictOn(params, [...history, ...newest])).toEqual(verdictOn(params, newest));
        },
      ),
    );
  });

  it("asking for more approvals never makes it easier", () => {
    fc.assert(
      fc.property(someParams, aHistory, (params, history) => {
        const harder = { ...params, approvals: params.approvals + 1 };
        if (verdictOn(harder, history).kind === "pass")
          expect(verdictOn(params, history).kind).toBe("pass");
      }),
    );
  });

  it("a stricter way with old approvals never makes it easier", () => {
    fc.assert(
      fc.property(someParams, aHistory, (params, history) => {
        const kinds = (["keep", "keep_if_same_diff", "dismiss"] as const).map(
          (stale) => verdictOn({ ...params, stale }, history).kind === "pass",
        );
        expect(kinds[1] && !kinds[0]).not.toBe(true);
        expect(kinds[2] && !kinds[1]).not.toBe(true);
      }),
    );
  });

  it("what `compare` calls tighter or the same never passes where the organisation's does not", () => {
    const policies = fc.record(
      {
        approvals: fc.integer({ min: 0, max: 3 }),
        stale: fc.constantFrom("dismiss", "keep_if_same_diff", "keep"),
        allow_author: fc.boolean(),
        allow_contributors: fc.boolean(),
        block_on_changes_requested: fc.boolean(),
        code_owners: fc.boolean(),
        users: fc.constantFrom(undefined, ["bob"], ["bob", "carol"]),
        teams: fc.constantFrom(undefined, ["security"]),
        each: fc.constantFrom(
          undefined,
          [{ teams: ["security"] }],
          [{ users: ["carol", "bob"], approvals: 2 }],
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(policies, policies, aHistory, (ours, theirs, history) => {
        if (reviews.compare(ours, theirs) === "looser") return;
        if (verdictOn(theirs, history).kind === "pass")
          expect(verdictOn(ours, history).kind).toBe("pass");
      }),
      { numRuns: 3000 },
    );
  });
});
