import { describe, expect, it } from "vitest";
import { openIncidents, type Incident } from "#core/facts/incidents.ts";
import type { EventRepository } from "#core/model/event.ts";
import { noIncident } from "#core/rules/no-incident/rule.ts";
import { aDeployment, anEvent, cannotRead, factsOf, minute, monday, tell } from "../build.ts";
import { judge } from "../judge.ts";

const incident: Incident = { number: 7, url: "https://github.example/i/7", label: "incident" };
const said = (found: readonly Incident[], repository?: string) =>
  judge(
    noIncident,
    { labels: ["incident"], ...(repository === undefined ? {} : { repository }) },
    factsOf(
      tell(openIncidents.need({ repository: repository ?? null, labels: ["incident"] }), found),
    ),
    { subject: aDeployment },
  );

describe("no_incident", () => {
  it("passes while nothing is open, and waits while something is", () => {
    expect(said([]).kind).toBe("pass");
    expect(said([incident, { ...incident, number: 9 }])).toMatchObject({
      kind: "pending",
      need: "#7, #9 are open",
      found: "2 incidents open: #7, #9",
    });
  });

  it("names nothing of a private repository at a public one", () => {
    const verdict = said([{ number: null, url: null, label: "incident" }], "acme/orion");
    expect(verdict).toMatchObject({
      kind: "pending",
      need: "1 incident is open",
      found: "1 incident open",
      evidence: [],
    });
    expect(JSON.stringify([verdict, said([], "acme/orion")])).not.toContain("orion");
  });

  it("another repository is asked again, because its events wake nobody here", () => {
    expect(said([incident], "acme/ops")).toMatchObject({
      need: "acme/ops#7 is open",
      changesAt: monday + minute,
    });
    expect(said([], "acme/ops").changesAt).toBe(monday + 5 * minute);
    expect(said([]).changesAt).toBeUndefined();
  });

  const shop: EventRepository = {
    id: 1,
    owner: "acme",
    ownerId: 2,
    ownerType: "Organization",
    name: "shop",
    private: true,
    defaultBranch: "main",
    archived: false,
  };
  it.each([
    ["its label comes or goes", "issues.labeled", "Incident", undefined, true],
    ["another label comes or goes", "issues.unlabeled", "question", undefined, false],
    ["an issue is closed", "issues.closed", null, undefined, true],
    ["a label gets another name", "label.edited", "question", undefined, true],
    ["incidents are kept elsewhere", "issues.labeled", "incident", "acme/elsewhere", false],
    ["incidents are kept here, by name", "issues.labeled", "incident", "Acme/shop", true],
  ])("hears where %s", (_title, name, label, repository, heard) => {
    const params = { labels: ["incident"], ...(repository === undefined ? {} : { repository }) };
    expect(noIncident.bind(params).isAffectedBy(anEvent(name, { label, repository: shop }))).toBe(
      heard,
    );
  });

  it("what cannot be read is unknown", () => {
    const need = openIncidents.need({ repository: null, labels: ["incident"] });
    expect(judge(noIncident, { labels: ["incident"] }, factsOf(cannotRead(need))).kind).toBe(
      "unknown",
    );
  });

  it.each([
    [{ labels: [] }],
    [{}],
    [{ labels: ["a,b"] }],
    [{ labels: ["a"], repository: "https://x/y/z" }],
  ])("%j is refused", (params) => {
    expect(noIncident.params.safeParse(params).success).toBe(false);
  });

  it.each([
    [{ labels: ["a"] }, { labels: ["a", "b"] }, "tighter"],
    [{ labels: ["a", "b"] }, { labels: ["a"] }, "looser"],
    [{ labels: ["a"], repository: "ops" }, { labels: ["a"] }, "looser"],
  ])("%j by the organisation, %j here: %s", (ours, theirs, is) => {
    expect(noIncident.compare(ours, theirs)).toBe(is);
  });
});
