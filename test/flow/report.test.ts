import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditEntry } from "#core/ports/audit.ts";
import { bypassId } from "#core/deployments/proof.ts";
import type { Act } from "#core/model/act.ts";
import { firstLookKey } from "#core/record/first-look-key.ts";
import { asCsv } from "#core/report/as-csv.ts";
import { asJson } from "#core/report/as-json.ts";
import { asMarkdown } from "#core/report/as-markdown.ts";
import { deploymentColumns } from "#core/report/words.ts";
import type { Report } from "#core/report/report.ts";
import type { ReportFilter } from "#flow/pages/report-filter.ts";
import { readReport } from "#flow/pages/report.ts";
import { operatorViewer, tokenViewer, type Viewer } from "#flow/pages/viewer.ts";
import { openStore, type OpenStore } from "#io/database/store/open-store.ts";
import { reportDocument } from "../../src/web/pages/report-document.tsx";
import { aPerson, sha } from "../core/build.ts";
import { aChange, aDeployment, day, failed, hourMs } from "../core/report/build.ts";
import { anApiToken } from "./api-token.ts";

const period: ReportFilter = {
  from: day(0),
  to: day(31),
  repository: undefined,
  environment: undefined,
};
const ada = aPerson("ada");
let store: OpenStore;

const entry = (at: number, over: Partial<AuditEntry>): AuditEntry => ({
  at,
  kind: "decision",
  repository: 1,
  subject: null,
  actor: null,
  detail: {},
  ...over,
});

const act = (over: Partial<Act> & Pick<Act, "id" | "kind">): Act => ({
  repository: 1,
  pullRequest: null,
  environment: "production",
  sha: sha("b"),
  name: null,
  actor: aPerson("carol"),
  at: day(2),
  expiresAt: null,
  reason: "",
  detail: {},
  ...over,
});

const rule = (name: string, verdict: string, overridden: string | null = null) => ({
  name,
  verdict,
  enforcement: "active",
  overridden,
  evidence: [],
});

beforeAll(async () => {
  store = await openStore({ url: ":memory:" });
  for (const [id, name, isPrivate] of [
    [1, "shop", true],
    [2, "open", false],
  ] as const)
    await store.records.saveRepository({
      id,
      installationId: 5,
      owner: "acme",
      ownerId: 3,
      ownerType: "Organization",
      name,
      private: isPrivate,
      archived: false,
      defaultBranch: "main",
      active: true,
    });
  await store.records.setValue(firstLookKey(1), String(day(-10)));
  const first = aDeployment("a", day(1), { deploymentId: 11, actor: ada });
  const approved = {
    gateRequestedAt: day(2),
    gateAnsweredAt: day(2) + hourMs,
    gateAnswer: "approved" as const,
  };
  const second = aDeployment("b", day(2), {
    deploymentId: 12,
    actor: ada,
    succeededAt: day(2) + 2 * hourMs,
    finishedAt: day(2) + 2 * hourMs,
    ...approved,
  });
  const back = aDeployment("a", day(3), { deploymentId: 13, actor: ada });
  const staging = aDeployment("c", day(3), { deploymentId: 14, environment: "staging" });
  const other = failed("d", day(4), { repository: 2, deploymentId: 15 });
  for (const [commit, number, at, coverage] of [
    ["a", 6, day(0), 80],
    ["b", 7, day(1), null],
  ] as const)
    await store.measurements.note({
      repository: 1,
      kind: "change",
      key: String(number),
      at,
      detail: { ...aChange(commit, number, at, { coverage, tickets: ["#4"] }) },
    });
  for (const [repository, id, at, name, failed, took] of [
    [1, 1, day(2), "unit", 1, 60_000],
    [1, 2, day(3), "unit", 0, 120_000],
    [1, 3, day(-1), "unit", 1, 60_000],
    [2, 4, day(3), "lint", 0, null],
  ] as const)
    await store.measurements.note({
      repository,
      kind: "check",
      key: String(id),
      at,
      detail: { name, failed, took },
    });
  for (const row of [first, second, back, staging, other]) await store.deployments.save(row);

  const pullRequests = {
    ok: true,
    value: [{ number: 7, author: ada, mergedBy: aPerson("bob"), approvedBy: [aPerson("bob")] }],
    evidence: [],
  };
  const scanned = {
    ok: true,
    value: {},
    evidence: [{ label: "CodeQL", url: "https://scan.example/1" }],
  };
  await store.ledger.record({
    lease: null,
    decision: null,
    effects: [],
    kept: [
      { digest: "d1", text: JSON.stringify(pullRequests) },
      { digest: "d2", text: JSON.stringify(scanned) },
    ],
    audit: [
      entry(day(-2), {
        subject: "pr:1:7",
        detail: { decision: "wait", rules: [rule("reviewed", "pending")] },
      }),
      entry(day(2), {
        subject: "dep:1:12:production",
        detail: {
          decision: "hold",
          title: "Needs 1 approval from @acme/seniors",
          rules: [rule("release", "pending")],
        },
      }),
      entry(day(2), {
        kind: "override_granted",
        subject: "pr:1:7",
        actor: "carol",
        detail: { act: "comment:1", confirmedBy: ["dora"] },
      }),
      entry(day(2) + hourMs, {
        subject: "dep:1:12:production",
        detail: {
          decision: "approve",
          title: "Approved",
          requestedBy: "ada",
          triggeredBy: "bob",
          rules: [rule("release", "pass"), rule("scan", "fail", "comment:1")],
          inputs: { facts: { deployed_pull_requests: "d1", findings_code_scanning: "d2" } },
        },
      }),
      entry(day(3), {
        kind: "rollback",
        subject: "dep:1:13:production",
        actor: "dora",
        detail: { reason: "errors rose", ranBefore: 11 },
      }),
      entry(day(4), {
        repository: 2,
        subject: "pr:2:9",
        detail: {
          decision: "wait",
          title: "Needs 1 approval from @acme/secret",
          rules: [rule("reviewed", "pending")],
        },
      }),
      entry(day(5), {
        repository: 2,
        subject: "pr:2:9",
        detail: { decision: "allow", rules: [rule("reviewed", "pass")] },
      }),
    ],
  });
  for (const each of [
    act({ id: "comment:0", kind: "approve", actor: aPerson("dora") }),
    act({
      id: "comment:1",
      kind: "override",
      name: "hotfix",
      reason: "OPS-34 customers wait",
      pullRequest: 7,
      environment: null,
    }),
    act({
      id: bypassId(back),
      kind: "bypass",
      name: "past_gate",
      sha: sha("a"),
      at: day(3),
      reason: "an administrator started it",
    }),
    act({
      id: "review:1",
      kind: "review",
      environment: null,
      at: day(4),
      actor: aPerson("bob"),
      reason: "completed",
      detail: { key: bypassId(back) },
    }),
  ])
    await store.acts.add(each);
  await store.tickets.save({
    repository: 1,
    key: "override:comment:1",
    purpose: "review",
    issue: 3,
    state: "open",
    openedAt: day(2),
    dueAt: day(4),
    closedAt: null,
    detail: {},
  });
});
afterAll(() => store.close());

async function reportOf(viewer: Viewer, over: Partial<ReportFilter> = {}): Promise<Report> {
  const answer = await readReport(store, viewer, { ...period, ...over }, day(40));
  if (answer.kind !== "report") throw new Error(JSON.stringify(answer.problems));
  return answer.report;
}

const reader = (repositories: readonly string[], environments: readonly string[] = []): Viewer =>
  tokenViewer(anApiToken({ repositories, environments }), store.records);

describe("what auditors ask for", () => {
  it("tells of each production deployment who asked, let through, reviewed, and went past", async () => {
    const { deployments, bypasses, overrides } = await reportOf(operatorViewer);
    expect(deployments.map(({ deploymentId }) => deploymentId)).toEqual([11, 12, 13, 15]);
    expect(deployments[0]).toMatchObject({
      askedBy: "ada",
      answer: null,
      approvers: [],
      pullRequests: [
        { number: 6, author: "alice", mergedBy: "bob", reviewers: ["bob"], tickets: ["#4"] },
      ],
      scans: null,
      rules: null,
      bypass: null,
      rollback: null,
    });
    expect(deployments[1]).toMatchObject({
      repository: "acme/shop",
      askedBy: "ada",
      askedAgainBy: "bob",
      answer: "approved",
      approvers: ["dora"],
      pullRequests: [{ number: 7, author: "ada", mergedBy: "bob", reviewers: ["bob"] }],
      scans: ["https://scan.example/1"],
      overrides: [
        {
          name: "hotfix",
          by: "carol",
          confirmedBy: ["dora"],
          ticket: "OPS-34",
          rules: ["scan"],
          review: { state: "owed", at: day(4) },
        },
      ],
    });
    expect(deployments[2]).toMatchObject({
      rollback: { by: "dora", reason: "errors rose" },
      bypass: { reason: "an administrator started it", review: { state: "done", by: "bob" } },
    });
    expect(bypasses).toHaveLength(1);
    expect(overrides).toBe(1);
  });

  it("tells of one environment, or one repository, when asked", async () => {
    const { deployments } = await reportOf(operatorViewer, { environment: "Staging" });
    expect(deployments.map(({ deploymentId }) => deploymentId)).toEqual([14]);
    const one = await reportOf(operatorViewer, { repository: { owner: "acme", name: "open" } });
    expect(one.deployments.map(({ deploymentId }) => deploymentId)).toEqual([15]);
    expect(one.watchedSince).toBeGreaterThan(day(40));
  });
});

describe("for teams", () => {
  it("makes the figures of what is in the report", async () => {
    const { figures, waiting, parts, coverage } = await reportOf(operatorViewer);
    expect(figures.deploymentFrequency).toEqual({
      value: 2 / 31,
      unit: "a day",
      rows: 2,
      missing: 0,
    });
    expect(figures.changeFailureRate).toMatchObject({ rows: 3 });
    expect(figures.recoveryTime).toMatchObject({ rows: 1, missing: 1, value: 23 * hourMs });
    expect(figures.leadTime).toMatchObject({ value: 49.5 * hourMs, rows: 2 });
    expect(coverage).toMatchObject({ value: 80, rows: 1, missing: 1 });
    expect((await reportOf(reader(["acme/*"], ["production"]))).coverage.rows).toBe(0);
    expect(waiting.byRule).toEqual([
      { name: "reviewed", rows: 1, missing: 0, totalMs: 24 * hourMs, medianMs: 24 * hourMs },
      { name: "release", rows: 1, missing: 0, totalMs: hourMs, medianMs: hourMs },
    ]);
    expect(waiting.byTeam.map(({ name }) => name)).toEqual(["acme/secret", "acme/seniors"]);
    expect(parts[1]).toMatchObject({ succeeded: 1, overrides: 0 });
  });
});

describe("failures by check", () => {
  it("are of the period, with the mean length of those that tell it", async () => {
    const { checks } = await reportOf(operatorViewer);
    expect(checks).toEqual([
      { repository: "acme/shop", name: "unit", rows: 2, failed: 1, meanMs: 90_000 },
      { repository: "acme/open", name: "lint", rows: 1, failed: 0, meanMs: null },
    ]);
  });

  it("are told of repositories that the reader may read, and a gap where there are none", async () => {
    const { checks } = await reportOf(reader(["acme/open"]));
    expect(checks?.map(({ name }) => name)).toEqual(["lint"]);
    expect((await reportOf(reader(["acme/*"], ["production"]))).checks).toBeNull();
    expect((await reportOf(operatorViewer, { from: day(20) })).checks).toBeNull();
  });
});

describe("who may read what", () => {
  it("is told of the repositories and environments they may read, and of nothing else", async () => {
    const own = await reportOf(reader(["acme/open"]));
    expect(own.deployments.map(({ deploymentId }) => deploymentId)).toEqual([15]);
    expect(own.repositories).toEqual(["acme/open"]);
    expect(JSON.stringify(own)).not.toContain("shop");
    const none = await reportOf(reader(["acme/*"], ["staging"]));
    expect(none.deployments).toEqual([]);
    expect(none.overrides).toBe(0);
  });

  it("is not told which team of a public repository is asked", async () => {
    const { waiting } = await reportOf(reader(["acme/*"]));
    expect(waiting.byTeam.map(({ name }) => name)).toEqual([
      "a team of the organisation",
      "acme/seniors",
    ]);
  });

  it("is told alike what is not there and what is not theirs", async () => {
    for (const name of ["shop", "nothing"]) {
      const answer = await readReport(
        store,
        reader(["acme/open"]),
        { ...period, repository: { owner: "acme", name } },
        day(40),
      );
      expect(answer).toMatchObject({ kind: "invalid", problems: [{ field: "repository" }] });
    }
  });
});

describe("a long log", () => {
  it("lets requests in while it is read", async () => {
    const long = await openStore({ url: ":memory:" });
    const audit = Array.from({ length: 2_000 }, (_, n) =>
      entry(day(1) + n, { subject: `pr:1:${n}`, detail: { decision: "allow", rules: [] } }),
    );
    await long.ledger.record({ lease: null, decision: null, effects: [], kept: [], audit });
    let [turns, isReading] = [0, true];
    const count = (): void => {
      turns += 1;
      if (isReading) setImmediate(count);
    };
    setImmediate(count);
    await readReport(long, operatorViewer, period, day(40));
    isReading = false;
    await long.close();
    expect(turns).toBeGreaterThan(6);
  });
});

describe("the same report", () => {
  it("comes as JSON, CSV, Markdown and a page", async () => {
    const report = await reportOf(operatorViewer);
    expect(JSON.parse([...asJson(report)].join(""))).toEqual(JSON.parse(JSON.stringify(report)));
    const csv = [...asCsv(report)].join("").trimEnd().split("\n");
    expect(csv.filter((line) => line.startsWith("deployment,"))).toHaveLength(4);
    expect(csv).toContainEqual(
      expect.stringMatching(/^figure,change failure rate,66\.6+\d,percent,3,0,/),
    );
    expect(csv).toContainEqual(
      expect.stringMatching(/^coverage,acme\/shop 2025-01-01T00:00:00.000Z,80,percent/),
    );
    expect(csv.filter((line) => /^(?:length of a )?check,/.test(line))).toEqual([
      expect.stringMatching(/^check,acme\/shop unit,1,failed,2,/),
      expect.stringMatching(/^length of a check,acme\/shop unit,90000,ms,2,/),
      expect.stringMatching(/^check,acme\/open lint,0,failed,1,/),
      expect.stringMatching(/^length of a check,acme\/open lint,,ms,1,/),
    ]);
    const [markdown, html] = [asMarkdown(report), await reportDocument(report)];
    for (const text of [markdown, html]) {
      expect(text).toContain("66.7 %");
      expect(text).toContain("not observed");
      expect(text).toContain("errors rose");
      expect(text).toContain("Stands on");
      for (const { title } of deploymentColumns) expect(text).toContain(title);
    }
    expect(html).not.toMatch(/<script|src=|href=/);
  });

  it("holds no word that a spreadsheet or a browser would run", async () => {
    const report = await reportOf(operatorViewer);
    const [one] = report.deployments;
    if (one === undefined) throw new Error("no deployment");
    const hostile = {
      ...report,
      deployments: [{ ...one, ref: "x", environment: '=cmd|"<script>alert(1)</script>' }],
    };
    expect([...asCsv(hostile)].at(-1)).toContain(`"'=cmd|""<script>`);
    expect(asMarkdown(hostile)).not.toContain("<script>");
    expect(await reportDocument(hostile)).not.toContain("<script>");
  });
});
