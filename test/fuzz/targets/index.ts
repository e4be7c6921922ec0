import type { FuzzTarget } from "../target.ts";

const from =
  (load: () => Promise<{ readonly target: FuzzTarget }>) => async (): Promise<FuzzTarget> =>
    (await load()).target;

/** Everything that reads what others write. Loaded one by one, so that a process holds what it reads with and no more. */
export const targets: Readonly<Record<string, () => Promise<FuzzTarget>>> = {
  archive: from(() => import("./archive.ts")),
  calendar: from(() => import("./calendar.ts")),
  codeowners: from(() => import("./codeowners.ts")),
  comment: from(() => import("./comment.ts")),
  coverage: from(() => import("./coverage.ts")),
  delivery: from(() => import("./delivery.ts")),
  diff: from(() => import("./diff.ts")),
  findings: from(() => import("./findings.ts")),
  health: from(() => import("./health.ts")),
  junit: from(() => import("./junit.ts")),
  licence: from(() => import("./licence.ts")),
  page: from(() => import("./page.ts")),
  policy: from(() => import("./policy.ts")),
  "policy-tests": from(() => import("./policy-tests.ts")),
  question: from(() => import("./question.ts")),
  token: from(() => import("./token.ts")),
  webhook: from(() => import("./webhook.ts")),
};
