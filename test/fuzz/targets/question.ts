import { gateQuestion } from "#core/outside/question.ts";
import { disagreement, workloadClaims } from "#core/outside/claims.ts";
import { promise, textOf, type FuzzTarget } from "../target.ts";

const sha = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
const claims = workloadClaims.parse({
  repository: "acme/shop",
  repository_id: "1",
  repository_owner_id: "9",
  sha,
  ref: "refs/heads/main",
  environment: "production",
  run_id: "44",
  run_attempt: "1",
  event_name: "push",
  actor: "mona",
  actor_id: "2",
});

/** What a deployer asks from outside. */
export const target: FuzzTarget = {
  name: "question",
  corpus: [
    { repository: "acme/shop", sha, environment: "production" },
    {
      repository: "acme/shop",
      sha,
      environment: "production",
      ref: "refs/heads/main",
      digest: `sha256:${"a".repeat(64)}`,
    },
  ].map((question) => JSON.stringify(question)),
  read: (input) => {
    let json: unknown;
    try {
      json = JSON.parse(textOf(input));
    } catch {
      return;
    }
    const asked = gateQuestion.safeParse(json);
    if (!asked.success) return;
    if (disagreement(claims, asked.data) === null)
      promise(asked.data.sha === sha, "a token speaks of its own commit only");
  },
};
