import { describe, expect, it } from "vitest";
import { lastSuccess } from "#core/deployments/history.ts";
import { promotionOf } from "#core/deployments/promotion.ts";
import { bypassId, markUnproven, provesSuccess } from "#core/deployments/proof.ts";
import { knownGood, lastKnownGood } from "#core/deployments/rollback.ts";
import { headSha, minute, monday, sha } from "../build.ts";
import { aRow } from "../deployment-world.ts";

const installed = monday - 120 * minute;
const around = (over: Partial<Parameters<typeof provesSuccess>[1]> = {}) => ({
  firstLookAt: installed,
  isBypass: () => false,
  judges: () => true,
  ...over,
});
const before = aRow("production", sha("e"), { createdAt: installed - minute });
const madeUp = aRow("production", headSha, { createdAt: monday - minute, runId: null });
const approved = aRow("production", sha("d"), {
  createdAt: monday - 30 * minute,
  gateAnswer: "approved",
});

describe("what history proves", () => {
  it.each([
    ["history from before the gate first looked", before, around(), true],
    ["what this gate approved", approved, around(), true],
    ["what was made through the API at a judged environment", madeUp, around(), false],
    ["the same where no rule judges", madeUp, around({ judges: () => false }), true],
    ["the same where nobody noted the first look", madeUp, around({ firstLookAt: null }), false],
    [
      "what is on record as a bypass, also where no rule judges",
      madeUp,
      around({ judges: () => false, isBypass: (row) => bypassId(row) === bypassId(madeUp) }),
      false,
    ],
    [
      "what the gate was asked for and rejected",
      { ...madeUp, gateRequestedAt: monday, gateAnswer: "rejected" as const },
      around(),
      false,
    ],
  ])("W22: %s", (_what, row, view, proves) => {
    expect(provesSuccess(row, view)).toBe(proves);
  });

  it("W22: what proves nothing is neither what runs there, nor a promotion, nor a way back", () => {
    const rows = markUnproven([madeUp, approved, before], around());
    expect(lastSuccess(rows, 0)?.sha).toBe(sha("d"));
    expect(promotionOf(rows, headSha, monday, { bake: 0, within: null }).kind).toBe("unproven");
    expect(
      knownGood(rows, { deploymentId: 999, environment: "production", sha: headSha }),
    ).toBeNull();
    expect(lastKnownGood(rows, "production")?.sha).not.toBe(headSha);
  });

  it("W22: a failure counts whoever reports it, and so does what took a commit's place", () => {
    const failed = { ...madeUp, sha: sha("d"), state: "failure" as const, succeededAt: null };
    const rows = markUnproven([failed, approved], around());
    expect(promotionOf(rows, sha("d"), monday, { bake: 0, within: null }).kind).toBe("failed");
    const replaced = markUnproven(
      [{ ...madeUp, succeededAt: monday - minute }, approved],
      around(),
    );
    expect(promotionOf(replaced, sha("d"), monday, { bake: 90 * minute, within: null }).kind).toBe(
      "replaced",
    );
  });
});
