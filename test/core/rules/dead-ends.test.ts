import { describe, expect, it } from "vitest";
import { teamMembers } from "#core/facts/people.ts";
import { approvals } from "#core/rules/approvals/rule.ts";
import { reviews } from "#core/rules/reviews/rule.ts";
import type { FactTable } from "#core/model/fact.ts";
import {
  aCommit,
  aDeployment,
  aFile,
  alice,
  anIdentity,
  aReview,
  bob,
  cannotRead,
  carol,
  dave,
  eve,
  monday,
} from "../build.ts";
import {
  aDeployedPull,
  anAct,
  deploymentWorld,
  type DeploymentWorld,
} from "../deployment-world.ts";
import { judge } from "../judge.ts";
import { world, type World } from "./reviews/facts.ts";

const unseen = (table: FactTable, team: string, code: "not_found" | "forbidden"): FactTable => {
  const [key, result] = cannotRead(teamMembers.need(team));
  return new Map([...table, [key, result.ok ? result : { ...result, code }]]);
};

/** alice opened it, wrote it and pushed it. */
describe("W45: reviews whose next step would lead nowhere", () => {
  const nextOf = (params: unknown, over: World, change = (table: FactTable) => table): string => {
    const verdict = judge(reviews, params, change(world(over)));
    expect(verdict.kind).toBe("pending");
    return verdict.next;
  };
  const core = { teams: ["core"] };

  it.each([
    [
      "an empty team",
      core,
      { teams: { core: [] } },
      "@acme/core has no members: an administrator adds somebody to the team.",
    ],
    [
      "a team of the author alone",
      core,
      { teams: { core: [alice] } },
      "Everybody of @acme/core worked on this change: an administrator adds somebody to the team.",
    ],
    [
      "a team of contributors alone",
      core,
      {
        teams: { core: [alice, bob] },
        commits: [aCommit({ authors: [anIdentity(alice), anIdentity(bob)] })],
      },
      "Everybody of @acme/core worked on this change",
    ],
    [
      "the only person is the author",
      { users: ["ALICE"] },
      {},
      "@ALICE worked on this change: the policy names somebody else.",
    ],
    [
      "two needed and one left",
      { approvals: 2, ...core },
      { teams: { core: [alice, bob] } },
      "Only 1 person of those who may can still do so, and 2 are needed",
    ],
    [
      "an entry of `each`",
      { each: [{ approvals: 1, ...core }] },
      { teams: { core: [] } },
      "@acme/core has no members",
    ],
    [
      "one approved, nobody else is there",
      { approvals: 2, ...core },
      { teams: { core: [bob] }, reviews: [aReview(bob)] },
      "Nobody of @acme/core is left who has not said it already",
    ],
  ] as const)("%s", (_what, params, over, says) => {
    expect(nextOf(params, over)).toContain(says);
  });

  it("a team that this App cannot see is said to be none; one that cannot be read now is not", () => {
    const blind = (code: "not_found" | "forbidden") =>
      nextOf(core, {}, (table) => unseen(table, "core", code));
    expect(blind("not_found")).toBe(
      "There is no team @acme/core that this App can see: an administrator makes it, or the policy names another.",
    );
    expect(blind("forbidden")).toBe(
      "One of @acme/core who did not work on the change approves it.",
    );
  });

  it.each([
    ["somebody of the team is left", core, { teams: { core: [alice, bob] } }],
    ["people with a role may as well", { ...core, roles: ["write"] }, { teams: { core: [] } }],
    ["the author may", { ...core, allow_author: true }, { teams: { core: [alice] } }],
    [
      "contributors may",
      { users: ["bob"], allow_contributors: true },
      { commits: [aCommit({ authors: [anIdentity(bob)] })] },
    ],
    [
      "it was opened this minute",
      core,
      { teams: { core: [] }, pull: { createdAt: monday - 1_000 } },
    ],
  ] as const)("says nothing of it where %s", (_what, params, over) => {
    expect(nextOf(params, over)).toMatch(
      /^One of .* who did not work on the change approves it\.$/u,
    );
  });

  const owned = (codeowners: string, over: World): World => ({
    codeowners,
    files: [aFile("src/a.ts")],
    ...over,
  });
  const owners = { approvals: 0, code_owners: true };

  it.each([
    [
      "an owner team without write access",
      "* @acme/core",
      { refused: ["@acme/core"], teams: { core: [bob] } },
      "@acme/core has no write access: an administrator gives it at Settings → Collaborators and teams.",
    ],
    [
      "an owner without write access",
      "* @eve",
      { refused: ["@eve"] },
      "@eve has no write access: an administrator gives it",
    ],
    [
      "an owner whom nobody knows",
      "* @nobody",
      { refused: ["@nobody"], accounts: { nobody: null } },
      "GitHub knows no account @nobody",
    ],
    [
      "the same in the minute when it was opened",
      "* @acme/core",
      { refused: ["@acme/CORE"], teams: { core: [bob] }, pull: { createdAt: monday } },
      "@acme/core has no write access",
    ],
    [
      "a team of contributors alone",
      "* @acme/core",
      { refused: [], teams: { core: [alice] } },
      "Everybody of @acme/core worked on this change",
    ],
    [
      "an empty team",
      "* @acme/core",
      { refused: [], teams: { core: [] } },
      "@acme/core has no members",
    ],
    [
      "the author, and a team without write access",
      "* @alice @acme/core",
      { refused: ["@acme/core"], teams: { core: [bob] } },
      "@alice worked on this change and cannot approve it: somebody else has to own it too. @acme/core has no write access",
    ],
  ] as const)("owners: %s", (_what, codeowners, over, says) => {
    const next = nextOf(owners, owned(codeowners, over));
    expect(next).toContain(says);
    expect(next).toContain("Nobody can approve src/a.ts as things are.");
    expect(next).toContain("adds another owner to CODEOWNERS on the base branch");
  });

  it("owners: who can approve is named, and who cannot beside", () => {
    const over = { refused: ["@acme/core"], teams: { core: [bob] } };
    expect(nextOf(owners, owned("* @bob @acme/core", over))).toBe(
      "@bob approves src/a.ts. @acme/core has no write access: an administrator gives it at Settings → Collaborators and teams.",
    );
    // Whom the policy counts needs no write access.
    expect(nextOf({ ...owners, approvals: 1, ...core }, owned("* @acme/core", over))).toContain(
      "@acme/core approves src/a.ts.",
    );
    expect(nextOf(owners, owned("* @acme/core", { teams: { core: [bob] } }))).toBe(
      "@acme/core approves src/a.ts.",
    );
  });
});

/** alice opened and wrote what goes out, dave asked for it. */
describe("W45: deployments whose approvers are all barred", () => {
  const nextOf = (params: unknown, over: DeploymentWorld): string => {
    const verdict = judge(approvals, params, deploymentWorld(over), { subject: aDeployment });
    expect(verdict.kind).toBe("pending");
    return verdict.next;
  };
  const seniors = { teams: ["seniors"] };

  it.each([
    ["empty", [], {}, "@acme/seniors has no members"],
    [
      "who asked for it",
      [dave],
      {},
      "Everybody of @acme/seniors asked for this deployment or had a hand in what goes out: an administrator adds somebody to the team.",
    ],
    [
      "who wrote it",
      [alice],
      {},
      "Everybody of @acme/seniors asked for this deployment or had a hand",
    ],
    [
      "both",
      [alice, dave],
      {},
      "Everybody of @acme/seniors asked for this deployment or had a hand",
    ],
    [
      "who tried in vain",
      [alice],
      { words: [anAct("approve", alice)] },
      "Everybody of @acme/seniors",
    ],
    [
      "who ran it again",
      [bob, carol],
      { deployment: { actor: bob, triggeredBy: carol } },
      "Everybody of @acme/seniors",
    ],
  ] as const)("a team of %s", (_who, members, over, says) => {
    expect(nextOf(seniors, { ...over, teams: { seniors: members } })).toContain(says);
  });

  it.each([
    ["somebody else is there", seniors, [alice, dave, eve]],
    ["requesters may", { ...seniors, exclude: ["authors"] }, [dave]],
    ["authors may", { ...seniors, exclude: ["requester"] }, [alice]],
    ["a role may", { ...seniors, roles: ["maintain"] }, [alice]],
  ] as const)("says nothing of it where %s", (_what, params, members) => {
    expect(nextOf(params, { teams: { seniors: members } })).toMatch(
      /^One of .* comments `\/gate approve production`/u,
    );
  });

  it("does not look up who wrote it where many may approve", () => {
    const pulls = [aDeployedPull(7, [])];
    const many = [alice, bob, carol, dave, eve, { ...eve, id: 99, login: "frank" }];
    expect(nextOf(seniors, { pulls, teams: { seniors: many } })).toContain("One of @acme/seniors");
  });
});
