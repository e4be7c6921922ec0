import { z } from "zod";
import { checkRunKey, type Effect } from "../core/model/effect.ts";
import type { Problem } from "../core/policy/problem.ts";
import { policyPath, validatePolicy } from "../core/policy/validate.ts";
import type { FileRead, Lease, RepositoryRecord } from "../core/ports.ts";
import { checkRunContent } from "../core/render/check-run.ts";
import { renderPolicyCheck } from "../core/render/policy.ts";
import { contentHash } from "./content-hash.ts";
import type { House } from "./house.ts";
import type { Policies } from "./policies.ts";
import { publish } from "./publish.ts";
import { done, type Outcome } from "./work.ts";

export const policyCheckName = "gatehouse / policy";

const payloadSchema = z.object({ repository: z.number(), number: z.number(), headSha: z.string() });

/** What is wrong with the policy file as the pull request leaves it. */
function problemsOf(file: FileRead, house: House): readonly Problem[] {
  const whole = (message: string): Problem => ({ line: 1, column: 1, path: "", message, severity: "error" });
  switch (file.kind) {
    case "file":
      return validatePolicy(file.text, { path: policyPath, presets: house.presets }).problems;
    case "absent":
      return [whole("the pull request removes the policy; retire it first with a policy that says enforcement: disabled, else every pull request is denied")];
    case "other":
      return [whole(`a ${file.what} stands here; the policy must be a regular file`)];
    case "too_large":
      return [whole(`the file has ${file.bytes} bytes; at most 262144 are read`)];
  }
}

/** Judges the policy that a pull request proposes, and says so in a check run of its own. The proposal itself decides nothing. */
export function createPolicyPreview(house: House, policies: Policies): (lease: Lease) => Promise<Outcome> {
  const { store } = house;

  /** Attempts to loosen what the organisation fixes, found by putting the proposal in its place. */
  async function inheritance(repository: RepositoryRecord, file: FileRead): Promise<readonly Problem[]> {
    if (file.kind !== "file") return [];
    const made = await policies.proposed(repository, file.text);
    if (made.kind !== "effective") return made.kind === "broken" && made.file === "repository" ? made.problems : [];
    return made.policy.notices
      .filter((notice) => notice.file === "repository")
      .map(({ problem }) => (/loosen|ignored/.test(problem.message) ? { ...problem, severity: "error" as const } : problem));
  }

  return async (lease) => {
    const { repository: id, number, headSha } = payloadSchema.parse(lease.payload);
    const repository = await store.records.repository(id);
    const row = await store.records.pullRequest(id, number);
    if (repository === null || !repository.active || repository.archived || row === null || row.state === "closed" || row.headSha !== headSha) return done;
    const file = await house.github.readFile(repository, policyPath, headSha);
    const own = problemsOf(file, house);
    const known = new Set(own.map((problem) => `${problem.line}:${problem.column}:${problem.message}`));
    const inherited = (await inheritance(repository, file)).filter((problem) => !known.has(`${problem.line}:${problem.column}:${problem.message}`));
    const problems = [...own, ...inherited];
    const rendered = renderPolicyCheck([{ path: policyPath, problems }]);
    const broken = problems.some((problem) => problem.severity === "error");
    const plain = checkRunContent(broken ? "deny" : "allow", rendered, "");
    const hash = contentHash(plain);
    const key = checkRunKey(id, headSha, policyCheckName);
    const effect: Effect = {
      kind: "check_run",
      key,
      repository: id,
      sha: headSha,
      name: policyCheckName,
      content: { ...plain, externalId: `policy:${id}:${number}:${headSha.slice(0, 12)}:${hash.slice(0, 12)}` },
      guard: { pullRequest: number, headSha, baseRef: row.baseRef },
    };
    await store.ledger.record({ lease, decision: null, effects: [{ effect, hash }], audit: [] });
    await publish(house, key, repository, undefined, lease);
    return done;
  };
}
