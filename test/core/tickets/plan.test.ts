import { describe, expect, it } from "vitest";
import { scanSources, type ScanSourceFact } from "#core/facts/findings.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import { renderTicket } from "#core/render/ticket.ts";
import { findingsParams } from "#core/rules/findings/params.ts";
import { planTickets } from "#core/tickets/plan.ts";
import { ticketKey } from "#core/tickets/ticket-key.ts";
import { branchFindings, type BranchFindings } from "#core/tickets/ticketing-rules.ts";
import { aFinding } from "../formats/findings/builders.ts";
import { cannotRead, factsOf, monday, tell } from "../build.ts";

const row = (fingerprint: string, over: Partial<TicketRow> = {}): TicketRow => ({
  repository: 1,
  key: ticketKey(fingerprint),
  purpose: "finding",
  issue: 5,
  state: "open",
  openedAt: monday,
  dueAt: null,
  closedAt: null,
  detail: { source: "artifacts", tool: "semgrep" },
  ...over,
});
const found = (over: Partial<BranchFindings> = {}): BranchFindings => ({
  wanted: [],
  waived: [],
  accepted: new Set(),
  unasked: new Set(),
  asks: () => true,
  isProven: () => true,
  ...over,
});
const rows = (...list: readonly TicketRow[]): ReadonlyMap<string, TicketRow> =>
  new Map(list.map((one) => [one.key, one]));
const finding = aFinding({ fingerprint: "f1" });

describe("what becomes of tickets", () => {
  it.each<[string, BranchFindings, ReadonlyMap<string, TicketRow>, readonly string[]]>([
    ["a new finding", found({ wanted: [finding] }), rows(), ["open"]],
    [
      "one that was wanted and not opened yet",
      found({ wanted: [finding] }),
      rows(row("f1", { state: "wanted", issue: null })),
      ["open"],
    ],
    ["one that has its ticket", found({ wanted: [finding] }), rows(row("f1")), []],
    [
      "one whose ticket a person closed",
      found({ wanted: [finding] }),
      rows(row("f1", { detail: { closedByPerson: true } })),
      [],
    ],
    [
      "one that is back",
      found({ wanted: [finding] }),
      rows(row("f1", { state: "closed" })),
      ["reopen"],
    ],
    ["one that is gone", found(), rows(row("f1")), ["close"]],
    [
      "one of which nobody knows whether it is gone",
      found({ isProven: () => false }),
      rows(row("f1")),
      [],
    ],
    [
      "one that is waived now",
      found({ waived: [finding], isProven: () => false }),
      rows(row("f1")),
      ["close"],
    ],
    ["one whose origin was recorded by nobody", found(), rows(row("f1", { detail: {} })), []],
    ["a review is no ticket of a finding", found(), rows(row("f1", { purpose: "review" })), []],
  ])("%s", (_title, facts, known, kinds) => {
    expect(planTickets(facts, known).map((step) => step.kind)).toEqual(kinds);
  });
});

describe("why a ticket is closed", () => {
  const key = new Set([ticketKey("f1")]);
  it.each<[string, Partial<BranchFindings>]>([
    ["gone", {}],
    ["waived", { waived: [finding], unasked: key }],
    ["accepted", { accepted: key, isProven: () => false }],
    ["unasked", { unasked: key }],
    ["unasked", { asks: () => false, isProven: () => false }],
  ])("is %s", (why, facts) => {
    expect(planTickets(found(facts), rows(row("f1")))).toMatchObject([{ kind: "close", why }]);
  });
});

describe("findings of the default branch", () => {
  const on = (over: Partial<ScanSourceFact> = {}): ScanSourceFact => ({
    state: "on",
    note: null,
    findings: [],
    beyond: {},
    scans: [],
    failed: [],
    unreadable: [],
    waiting: [],
    ignored: [],
    dismissedAt: {},
    removed: [],
    workflows: [],
    link: null,
    evidence: [],
    ...over,
  });
  const rule = (params: unknown) => ({ asked: findingsParams.parse(params), waivers: [] });
  const table = (artifacts: ScanSourceFact): FactTable =>
    factsOf(
      cannotRead(scanSources["code-scanning"].need()),
      tell(scanSources.dependabot.need(), on()),
      tell(scanSources["secret-scanning"].need(), on({ state: "off" })),
      tell(scanSources.artifacts.need(), artifacts),
    );
  const branch = branchFindings(
    [rule({ ticket: "high" })],
    table(
      on({
        findings: [finding, aFinding({ severity: "low" })],
        scans: [{ tool: "semgrep", kinds: ["code"] }],
      }),
    ),
    monday,
  );

  it("are those at ticket severity, of whatever could be read", () => {
    expect(branch.wanted.map((one) => one.fingerprint)).toEqual(["f1"]);
  });
  it.each([
    ["a tool that scanned the tip", "artifacts", "semgrep", true],
    ["another tool", "artifacts", "trivy", false],
    ["a source that could not be read", "code-scanning", "codeql", false],
    ["a service that holds the repository's state", "dependabot", "dependabot", true],
    ["one that is off", "secret-scanning", "secret-scanning", false],
  ] as const)("%s proves what is gone: %s %s", (_title, source, tool, proven) => {
    expect(branch.isProven(source, tool)).toBe(proven);
  });
  it("that are there and that no rule asks a ticket for are told from those that are gone", () => {
    const there = table(
      on({
        findings: [
          aFinding({ fingerprint: "low", severity: "low" }),
          aFinding({ fingerprint: "other", tool: "trivy" }),
          aFinding({
            fingerprint: "dismissed",
            suppressed: true,
            suppression: { kind: "dismissed", accepted: true, by: { id: 2, login: "bob" } },
          }),
        ],
      }),
    );
    const seen = branchFindings([rule({ ticket: "high", tools: ["semgrep"] })], there, monday);
    expect([...seen.unasked]).toEqual(["low", "other"].map(ticketKey));
    expect([...seen.accepted]).toEqual([ticketKey("dismissed")]);
    expect(seen.asks("artifacts")).toBe(true);
    expect(branchFindings([], there, monday).asks("artifacts")).toBe(false);
  });
  it("a report that cannot be read proves nothing", () => {
    expect(
      branchFindings(
        [rule({ ticket: "high" })],
        table(on({ unreadable: ["x"], scans: [{ tool: "semgrep", kinds: ["code"] }] })),
        monday,
      ).isProven("artifacts", "semgrep"),
    ).toBe(false);
  });
});

describe("the issue", () => {
  const context = {
    isPublic: false,
    teams: ["security", "other/team"],
    owner: "acme",
    branch: "main",
    severity: "high",
    dueAt: monday,
    marker: "<!-- m -->",
  };
  it("T32: says what a scanner says without doing what its text wants", () => {
    const { title, body } = renderTicket(
      aFinding({
        title: "![x](http://evil) @everyone <b>",
        message: "[click](http://evil)\n<img src=x>",
        path: "src/`a`.ts",
      }),
      context,
    );
    expect(title).not.toContain("\n");
    expect(body).not.toMatch(/!\[x\]\(|<img|<b>|\[click\]\(/);
    expect(body).toContain("@acme/security, @other/team");
    expect(body.endsWith("<!-- m -->")).toBe(true);
  });
  it.each([
    ["on a public repository", { kind: "code" as const }, true],
    ["of a secret", { kind: "secret" as const }, false],
  ])("T51: hides what and where %s", (_title, over, isPublic) => {
    const { title, body } = renderTicket(
      aFinding({
        rule: "hidden-rule",
        title: "hidden title",
        path: "hidden/path.ts",
        message: "hidden",
        ...over,
      }),
      { ...context, isPublic },
    );
    expect(`${title}\n${body}`).not.toContain("hidden/path");
    expect(`${title}\n${body}`).not.toContain("hidden title");
  });
});
