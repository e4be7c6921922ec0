import { expect, it } from "vitest";
import type { RuleOutcome } from "#core/model/decision.ts";
import { pending } from "#core/model/verdict.ts";
import { withoutLink } from "#core/render/deployment.ts";
import { deploymentWaits } from "#core/render/deployment-waits.ts";

const subject = {
  kind: "deployment",
  repository: 1,
  deploymentId: 2,
  environment: "production",
  sha: "abcdef0123456789",
  ref: "main",
  runId: 3,
} as const;
const waits: RuleOutcome = {
  name: "release",
  description: "",
  source: "repository",
  enforcement: "active",
  verdict: pending({ found: "0 approvals", required: "1 approval", need: "Needs 1 approval" }),
};

it("what waits for people leads to the decision, where there is a page of it", () => {
  const page = "https://gate.example/decisions/dep:1:2:production:abcdef012345";
  expect(deploymentWaits(subject, [waits], page)).toContain(`[the decision](${page})`);
  expect(deploymentWaits(subject, [waits], undefined)).not.toContain("the decision");
});

it("a report under another address is no news", () => {
  expect(withoutLink("Held: x\n- a: b\nDetails: https://a.example/decisions/1")).toBe(
    withoutLink("Held: x\n- a: b\nDetails: https://b.example/decisions/1"),
  );
});
