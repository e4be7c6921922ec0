import type { DecisionKind } from "#core/model/decision.ts";
import { checkRunKey, type Effect } from "#core/model/effect.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import {
  bothStand,
  organizationRepository,
  policyPath,
  policyPaths,
  policyTestPath,
  policyTestPaths,
} from "#core/policy/files.ts";
import type { Judgeable } from "#core/policy/policy-state.ts";
import { neverMet, teamsAsked, type NeverMet } from "#core/policy/unsatisfiable.ts";
import { validatePolicy } from "#core/policy/validate.ts";
import type { PlacedFileRead } from "#core/ports/github.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { checkRunContent } from "#core/render/check-run.ts";
import type { RenderedDecision } from "#core/render/decision.ts";
import { renderImpact } from "#core/render/impact.ts";
import { renderNeverMet, renderPolicyTests, replaying } from "#core/render/policy-sections.ts";
import { annotationOf, renderPolicyCheck } from "#core/render/policy.ts";
import { runPolicyTests } from "#core/simulate/policy-tests/run.ts";
import { policyCaps } from "#core/yaml/caps.ts";
import type { Problem } from "#core/yaml/problem.ts";
import type { Deps } from "#flow/deps.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { done } from "#flow/jobs/outcome.ts";
import type { previewJob } from "#flow/jobs/pull-request-jobs.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { sendEffect } from "#flow/publish/send-effect.ts";
import { createReplay } from "./replay.ts";

export const policyCheckName = "gatehouse / policy";

/** What is wrong with the policy file as the pull request leaves it. */
function problemsOf(file: PlacedFileRead, deps: Deps): readonly Problem[] {
  const whole = (message: string): Problem => ({
    line: 1,
    column: 1,
    path: "",
    message,
    severity: "error",
  });
  switch (file.kind) {
    case "file":
      return validatePolicy(file.text, { path: file.path, presets: deps.presets }).problems;
    case "absent":
      return [
        whole(
          "the pull request removes the policy; retire it first with a policy that says enforcement: disabled, else every pull request is denied",
        ),
      ];
    case "several":
      return [whole(bothStand(file.paths))];
    case "other":
      return [whole(`a ${file.what} stands here; the policy must be a regular file`)];
    case "too_large":
      return [whole(`the file has ${file.bytes} bytes; at most ${policyCaps.bytes} are read`)];
  }
}

/** On the line of the rule; of rules that come from elsewhere only the summary speaks. */
function neverMetProblems(
  policy: string,
  never: readonly NeverMet[],
  deps: Deps,
): readonly Problem[] {
  const parsed = validatePolicy(policy, { path: policyPath, presets: deps.presets }).policy;
  if (parsed === undefined) return [];
  return never.flatMap(({ rule, because }) => {
    const index = (parsed.policy.rules ?? []).findIndex(({ name }) => name === rule);
    if (index < 0) return [];
    const { line, column } = parsed.source.positions.ofValue(["rules", index, "name"]);
    return [
      {
        line,
        column,
        path: `rules[${index}]`,
        message: `rule "${rule}" may never pass: ${because}`,
        severity: "warning" as const,
      },
    ];
  });
}

interface Preview {
  readonly lease: Lease;
  readonly repository: RepositoryRecord;
  readonly row: PullRequestRow;
}

/** Judges the policy that a pull request proposes, and says so in a check run of its own. The proposal itself decides nothing. */
export function createPolicyPreview(deps: Deps, policies: Policies): HandlerOf<typeof previewJob> {
  const { store } = deps;
  const replay = createReplay(deps);

  /** Attempts to loosen what the organisation fixes, as errors: they are found by putting the proposal in its place. */
  function inheritance(made: Judgeable): readonly Problem[] {
    if (made.kind !== "effective")
      return made.kind === "broken" && made.file === "repository" ? made.problems : [];
    return made.policy.notices
      .filter((notice) => notice.file === "repository")
      .map(({ problem, isAttempt }) =>
        isAttempt ? { ...problem, severity: "error" as const } : problem,
      );
  }

  /** The organisation's policy as it judges now; undefined where there is none. */
  async function organizationText(repository: RepositoryRecord): Promise<string | undefined> {
    const above = await store.records.repositoryByName(repository.owner, organizationRepository);
    if (
      above === null ||
      !above.active ||
      above.id === repository.id ||
      above.installationId !== repository.installationId
    )
      return undefined;
    return (await store.records.policy(above.id))?.lastGoodText ?? undefined;
  }

  /** The policy's own tests, as the pull request leaves them. A case that comes out otherwise is an error on its line. */
  async function tests(
    { repository, row }: Preview,
    policy: string,
  ): Promise<{
    readonly path: string;
    readonly problems: readonly Problem[];
    readonly sections: readonly string[];
  }> {
    const file = await deps.github.readOneOf(repository, policyTestPaths, row.headSha);
    if (file.kind === "several")
      return {
        path: policyTestPath,
        problems: [
          { line: 1, column: 1, path: "", message: bothStand(file.paths), severity: "error" },
        ],
        sections: [],
      };
    if (file.kind !== "file") return { path: policyTestPath, problems: [], sections: [] };
    const { path } = file;
    const result = runPolicyTests({
      tests: file.text,
      policy,
      organization: await organizationText(repository),
      presets: deps.presets,
      clock: deps.clock.now(),
    });
    if (!result.ok)
      return {
        path,
        problems: result.input === "tests" || result.input === "facts" ? result.problems : [],
        sections: [],
      };
    const failed = result.run.cases.filter((each) => !each.ok);
    return {
      path,
      problems: failed.map((each) => ({
        line: each.line,
        column: 1,
        path: "",
        message: `${each.name}: ${each.mismatches.join("; ")}`,
        severity: "error" as const,
      })),
      sections: [renderPolicyTests(result.run)],
    };
  }

  async function show(
    { lease, repository, row }: Preview,
    kind: DecisionKind,
    rendered: RenderedDecision,
  ): Promise<void> {
    const plain = checkRunContent(kind, rendered, "");
    const hash = contentHash(plain);
    const key = checkRunKey(repository.id, row.headSha, policyCheckName);
    const effect: Effect = {
      kind: "check_run",
      key,
      repository: repository.id,
      sha: row.headSha,
      name: policyCheckName,
      content: {
        ...plain,
        externalId: `policy:${repository.id}:${row.number}:${row.headSha.slice(0, 12)}:${hash.slice(0, 12)}`,
      },
      guard: {
        pullRequest: row.number,
        headSha: row.headSha,
        baseRef: row.baseRef,
        directBaseRef: row.directBaseRef,
      },
    };
    await sendEffect(deps, lease, repository, effect, { hash });
  }

  /** What the proposal would do, and which of its rules nobody can meet. Progress is shown twice at most: each time is a write. */
  async function impact(
    preview: Preview,
    proposed: EffectivePolicy,
    progress: (section: string) => Promise<void>,
  ): Promise<{ readonly sections: readonly string[]; readonly never: readonly NeverMet[] }> {
    const { repository, row } = preview;
    const resolved = await policies.of(repository);
    let isHalfTold = false;
    const { impact: found, tables } = await replay({
      repository,
      current: resolved.kind === "effective" ? resolved.policy : null,
      proposed,
      last: proposed.backtestLast,
      onProgress: async (finished, all) => {
        if (isHalfTold || all < 20 || finished * 2 < all) return;
        isHalfTold = true;
        await progress(replaying(finished, all));
      },
    });
    const session = deps.facts.open(
      { kind: "pull_request", repository: repository.id, number: row.number },
      repository,
    );
    const never = neverMet(proposed, {
      owner: repository.owner,
      people: await session.read(teamsAsked(proposed, repository.owner)),
      seen: tables,
      mayAsk: (source) => deps.health.mayAsk(source, repository),
    });
    return {
      sections: [renderImpact(found), ...(never.length === 0 ? [] : [renderNeverMet(never)])],
      never,
    };
  }

  return async ({ lease, payload: { number, headSha }, repository }) => {
    const row = await store.records.pullRequest(repository.id, number);
    if (row === null || row.state === "closed" || row.headSha !== headSha) return done;
    const preview: Preview = { lease, repository, row };
    const file = await deps.github.readOneOf(repository, policyPaths, headSha);
    const path = "path" in file ? file.path : policyPath;
    const own = problemsOf(file, deps);
    const made = file.kind === "file" ? await policies.proposed(repository, file.text) : null;
    const known = new Set(
      own.map((problem) => `${problem.line}:${problem.column}:${problem.message}`),
    );
    const inherited = (made === null ? [] : inheritance(made)).filter(
      (problem) => !known.has(`${problem.line}:${problem.column}:${problem.message}`),
    );
    const problems = [...own, ...inherited];
    const isUsable =
      file.kind === "file" &&
      made?.kind === "effective" &&
      !own.some((problem) => problem.severity === "error");
    const tested =
      isUsable && file.kind === "file"
        ? await tests(preview, file.text)
        : { path: policyTestPath, problems: [], sections: [] };
    const files = [
      { path, problems },
      { path: tested.path, problems: tested.problems },
    ];
    const kind = [...problems, ...tested.problems].some((problem) => problem.severity === "error")
      ? "deny"
      : "allow";
    if (!isUsable || made?.kind !== "effective") {
      await show(preview, kind, renderPolicyCheck(files, tested.sections));
      return done;
    }
    const progress = (section: string): Promise<void> =>
      show(
        preview,
        kind === "deny" ? "deny" : "wait",
        renderPolicyCheck(files, [...tested.sections, section]),
      );
    await progress(replaying(0, 0));
    const { sections, never } = await impact(preview, made.policy, progress);
    const rendered = renderPolicyCheck(files, [...tested.sections, ...sections]);
    await show(preview, kind, {
      ...rendered,
      annotations: [
        ...rendered.annotations,
        ...neverMetProblems(file.text, never, deps).map((problem) => annotationOf(path, problem)),
      ],
    });
    return done;
  };
}
