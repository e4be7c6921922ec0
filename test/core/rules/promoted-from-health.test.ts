import { describe, expect, it } from "vitest";
import { health, type HealthFact } from "#core/facts/health.ts";
import { promotedFrom } from "#core/rules/promoted-from/rule.ts";
import { aDeployment, headSha, minute, monday, tell } from "../build.ts";
import { aRow, deploymentWorld } from "../deployment-world.ts";
import { judge } from "../judge.ts";

const asked = { source: "metrics", query: "errors", is: "<= 0.01" };
const is = { operator: "<=", to: 0.01 } as const;
const begun = monday - 40 * minute;
const ring = aRow("canary", headSha, {
  succeededAt: begun,
  finishedAt: begun,
  createdAt: begun - minute,
});
type Measured = Extract<HealthFact, { kind: "measured" }>;
const good: Measured = {
  kind: "measured",
  value: 0,
  lines: 1,
  keeps: true,
  since: null,
  kept: true,
  brokenAt: null,
  gapAt: null,
  until: monday,
  askedAt: monday - 5_000,
};
const gone: HealthFact = { kind: "unanswered", because: "did not answer in time", askedAt: monday };

/** The commit is 40 minutes on the canary, with this bake. */
const judged = (bake: string | 0, past: HealthFact | null, present: HealthFact = good) => {
  const minutes = bake === 0 ? 0 : Number.parseInt(bake, 10);
  const span = { kind: "between", from: begun, until: begun + minutes * minute } as const;
  const need = (each: Parameters<typeof health.need>[0]["span"]) =>
    health.need({ source: "metrics", query: "errors", is, span: each });
  return judge(
    promotedFrom,
    { environment: "canary", bake, health: [asked] },
    deploymentWorld(
      { history: { canary: [ring] }, before: [] },
      tell(need({ kind: "last", ms: 0 }), present),
      ...(past === null ? [] : [tell(need(span), past)]),
    ),
    { subject: aDeployment },
  );
};
const over = (more: Partial<Measured> = {}): Measured => ({
  ...good,
  until: begun + 30 * minute,
  ...more,
});

describe("promoted_from with health", () => {
  it("passes where it was well while it baked, and is; for two minutes", () => {
    expect(judged("30m", over())).toMatchObject({
      kind: "pass",
      required: "deployed to canary for 30m, while metrics says <= 0.01",
      goodUntil: monday - 5_000 + 2 * minute,
    });
    expect(judged(0, null).kind).toBe("pass");
  });

  it("an environment that turned unhealthy within its bake closes the next one, however well it is by now", () => {
    const at = begun + 12 * minute;
    expect(judged("30m", over({ kept: false, brokenAt: at }))).toMatchObject({
      kind: "pending",
      need: `canary turned unhealthy while ${headSha.slice(0, 7)} baked there`,
      found: expect.stringContaining(
        "metrics did not say <= 0.01 within its bake, last at 2026-03-02 09:32 UTC",
      ),
      next: expect.stringContaining("`/gate rollback canary <reason>`"),
    });
    // Also while it still bakes, and where something else cannot be asked.
    expect(judged("50m", over({ kept: false, brokenAt: at, until: monday }), gone).need).toContain(
      "turned unhealthy",
    );
  });

  it("waits for the end of the bake while it is well", () => {
    expect(judged("50m", over({ until: monday }))).toMatchObject({
      kind: "pending",
      need: "Bakes in canary until 2026-03-02 10:10 UTC",
      changesAt: monday + 10 * minute,
    });
  });

  it("an answer from before the end of the bake is not one for it: it is asked again", () => {
    expect(judged("40m", over({ until: monday - 5_000 }))).toMatchObject({
      kind: "pending",
      need: "The end of the bake in canary was not measured yet",
      changesAt: monday + 55_000,
    });
  });

  it.each([
    [
      "is not well now",
      over(),
      { ...good, value: 3, keeps: false, kept: false },
      "pending",
      "is not healthy",
    ],
    [
      "has no value now",
      over(),
      { ...good, value: null, keeps: false, kept: false },
      "pending",
      "no data",
    ],
    [
      "has a gap in its bake",
      over({ kept: false, gapAt: begun + 9 * minute }),
      good,
      "pending",
      "no data",
    ],
    [
      "was not measured at all",
      over({ kept: false, value: null, keeps: false }),
      good,
      "pending",
      "no data",
    ],
    ["cannot be asked now", over(), gone, "unknown", "cannot be asked"],
    ["cannot be asked for its bake", gone, good, "unknown", "cannot be asked"],
  ] as const)("one that %s waits", (_title, past, present, kind, need) => {
    expect(judged("30m", past, present)).toMatchObject({
      kind,
      need: expect.stringContaining(need),
    });
  });

  it("is asked nothing where the commit does not stand there", () => {
    expect(
      judge(
        promotedFrom,
        { environment: "canary", bake: "30m", health: [asked] },
        deploymentWorld({ history: { canary: [] }, before: [] }),
        { subject: aDeployment },
      ).need,
    ).toContain("must run in canary first");
  });

  it("asks for no longer bake than sources are asked for", () => {
    const params = (bake: string) => ({ environment: "canary", bake, health: [asked] });
    expect(promotedFrom.params.safeParse(params("7d")).success).toBe(true);
    expect(promotedFrom.params.safeParse(params("8d")).success).toBe(false);
    expect(promotedFrom.params.safeParse({ environment: "canary", bake: "8d" }).success).toBe(true);
  });
});
