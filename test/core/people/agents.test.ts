import { describe, expect, it } from "vitest";
import type { Person } from "#core/model/actor.ts";
import { isOfKinds, kindsOfAuthor, shippedAgents } from "#core/people/agents.ts";
import { aBot, alice, aPerson } from "../build.ts";

describe("a coding agent", () => {
  it.each<[string, Person, readonly string[], string]>([
    ["Copilot, as REST names it", aBot("Copilot"), [], "agent"],
    ["Copilot, as GraphQL names it", aBot("copilot-swe-agent[bot]"), [], "agent"],
    ["Copilot, as a commit's address names it", aPerson("Copilot"), [], "agent"],
    ["an account that was renamed", aPerson("other", { id: 199_161_495 }), [], "agent"],
    ["an App's account, in any case", aBot("CLAUDE[bot]"), [], "agent"],
    ["a person with the login of an App", aPerson("devin-ai-integration"), [], "person"],
    ["another App", aBot("renovate[bot]"), [], "bot"],
    ["an App of the policy", aBot("acme-coder[bot]"), ["acme-coder[bot]"], "agent"],
    ["the same, written without its suffix", aBot("acme-coder[bot]"), ["acme-coder"], "agent"],
    ["an account of the policy", aPerson("Acme-Coder"), ["acme-coder"], "agent"],
    ["a person with the login of the policy's App", aPerson("coder"), ["coder[bot]"], "person"],
    ["a person", alice, ["bob"], "person"],
  ])("%s", (_what, person, listed, kind) => {
    const kinds = kindsOfAuthor.filter((one) =>
      isOfKinds(person, [one], { listed, unproven: [] }, { isNegated: false }),
    );
    expect(kinds).toEqual([kind]);
  });

  it("is listed once under each login", () => {
    const logins = shippedAgents.map(({ login }) => login.toLowerCase());
    expect(new Set(logins).size).toBe(logins.length);
  });
});
