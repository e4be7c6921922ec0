import type { CommandContext } from "#core/commands/command.ts";
import type { ParsedCommand } from "#core/commands/parse.ts";
import { isTallied } from "#core/model/act.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { FactSession, Judging } from "#core/ports/facts.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { oneLine } from "#core/text/plain-text.ts";
import type { Deps } from "#flow/deps.ts";
import { closeReviewed } from "#flow/reviews/close-reviewed.ts";
import { carriedOut, reasonAwaited } from "#flow/in-force/people-values.ts";
import type { commandJob, CommandRequest } from "#flow/jobs/command-job.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { createExclusive } from "#flow/jobs/exclusive.ts";
import { done } from "#flow/jobs/outcome.ts";
import { judgedBy } from "#flow/judge/assess-deployment.ts";
import type { Policies } from "#flow/policy/policies.ts";
import type { SummaryComment } from "#flow/publish/summary-comment.ts";
import {
  auditEntry,
  acknowledge,
  withoutPolicy,
  pressedTooLate,
  noLongerAwaited,
  speak,
  refuseForm,
} from "./answer-request.ts";
import { contextOfCommit, readCommandContext, cachedCommandContext } from "./command-context.ts";
import { runCommands, settleOutcomes } from "./execute-commands.ts";
import { giveReason } from "./give-reason.ts";
import { commandsIn } from "./read-request.ts";
import { readSurroundings } from "./surroundings.ts";
import { withWhatWaits } from "./what-waits.ts";
import { withAnswer } from "./tell-tally.ts";
import { wakeJudged } from "./wake-judged.ts";
import { whoAsked } from "./who-asked.ts";
import { isOneOfUs } from "./who-belongs.ts";

/** Commands that the opener of the pull request may use, whatever their role. */
const authorsOwn = ["recheck", "help", "status", "explain", "when", "freezes"];

/** Commands that need nothing of the pull request but its merge commit. */
const ofDeployments = ["approve", "reject", "rollback"];

/** Carries out commands from comments and buttons, each once, after checking the author's rights. */
export function createCommands(
  deps: Deps,
  policies: Policies,
  summary: SummaryComment,
): HandlerOf<typeof commandJob> {
  const { store, clock, log } = deps;
  const exclusive = createExclusive();

  async function contextOf(
    request: CommandRequest,
    list: readonly ParsedCommand[],
    repository: RepositoryRecord,
    session: FactSession,
  ): Promise<CommandContext> {
    if (request.number === null) return contextOfCommit(repository, request.seenHead ?? "");
    const isOfDeployments = list.every(({ name }) => name !== null && ofDeployments.includes(name));
    return (
      (isOfDeployments
        ? await cachedCommandContext(deps, repository, request.number, request)
        : null) ?? (await readCommandContext(deps, repository, request.number, session, request))
    );
  }

  async function carryOut(
    lease: Lease,
    request: CommandRequest,
    list: readonly ParsedCommand[],
    repository: RepositoryRecord,
    policy: EffectivePolicy,
    session: FactSession,
    judging: Judging,
  ): Promise<void> {
    const place = await contextOf(request, list, repository, session);
    const surroundings = await readSurroundings(deps, request, place, policy);
    const around = {
      ...surroundings,
      requesters: await whoAsked(deps, repository, list, surroundings, judging),
    };
    const { executed, acts, table } = await runCommands(
      list,
      around,
      await withWhatWaits(deps, repository, around, session, judging),
    );
    const results = settleOutcomes(executed, table);
    for (const act of acts)
      await store.acts.add(withAnswer(act, request, results), [
        auditEntry(deps, request, act.kind, {
          act: act.id,
          name: act.name,
          environment: act.environment,
          sha: act.sha,
          reason: act.reason,
          saidAt: act.said?.at ?? null,
          expiresAt: act.expiresAt,
        }),
      ]);
    await closeReviewed(deps, acts);
    const audit = results.map(({ command, outcome }) =>
      auditEntry(deps, request, "command", {
        command: command.name ?? command.word,
        rest: oneLine(command.rest, 500),
        outcome: outcome.kind,
        acts: outcome.kind === "done" ? outcome.acts.map(({ id }) => id) : [],
        ...(outcome.kind === "refused" ? { because: oneLine(outcome.says, 500) } : {}),
      }),
    );
    await store.ledger.record({ lease, decision: null, effects: [], audit });
    if (request.number !== null) {
      if (acts.some(({ kind }) => kind === "override"))
        await noLongerAwaited(deps, summary, lease, repository, request.number, request.actor.id);
      await speak(summary, lease, request, request.number, repository, results);
    }
    const isAsked = results.some(
      ({ command, outcome }) => command.name === "recheck" && outcome.kind === "done",
    );
    await wakeJudged(deps, place, acts, isAsked);
    const isRefused = results.some(({ outcome }) => outcome.kind === "refused");
    // An approval gets its reaction once a judged deployment counted it.
    if (isRefused || !acts.some(isTallied))
      await acknowledge(deps, lease, request, repository, isRefused ? "confused" : "rocket");
    log.info(
      {
        repository: `${repository.owner}/${repository.name}`,
        pullRequest: request.number,
        by: request.actor.login,
        commands: results.map(
          ({ command, outcome }) => `${command.name ?? command.word}: ${outcome.kind}`,
        ),
      },
      "command",
    );
  }

  async function handle(lease: Lease, request: CommandRequest): Promise<void> {
    const repository = await store.records.repository(request.repository);
    if (repository === null || !repository.active || repository.archived) return;
    const resolved = await policies.of(repository);
    if (resolved.kind === "ungoverned") return;
    if (resolved.kind === "broken")
      return withoutPolicy(deps, summary, lease, request, repository, resolved.rendered);
    const { policy } = resolved;
    const session = deps.facts.open(
      { kind: "pull_request", repository: repository.id, number: request.number ?? 0 },
      repository,
      judgedBy(resolved),
    );
    const awaitsReason =
      request.number !== null &&
      ((await store.records.getValue(
        reasonAwaited(repository.id, request.number, request.actor.id),
      )) ?? "") !== "";
    if (!request.isAddressed && !policy.commands.bare && !awaitsReason) return;
    const isInsider = await isOneOfUs(deps, request, repository, session);
    // Strangers get no answer at all, since anybody could provoke answers at our cost (threat T50).
    if (!isInsider && !request.isAuthor) return refuseForm(deps, lease, request);
    const found = await commandsIn(deps, request, repository, policy);
    if (found === null) return;
    if (found === "too late") return pressedTooLate(deps, summary, lease, request, repository);
    const list = isInsider
      ? found.list
      : found.list.filter(({ name }) => name !== null && authorsOwn.includes(name));
    if (list.length === 0) {
      if (awaitsReason && request.number !== null && isInsider && found.list.length === 0)
        await giveReason(
          deps,
          lease,
          policy,
          summary,
          repository,
          request.number,
          request,
          found.body,
          session,
        );
      return;
    }
    const seen = acknowledge(deps, lease, request, repository, "eyes");
    await Promise.all([
      seen,
      exclusive(`${repository.id}:${request.number ?? request.seenHead}`, () =>
        carryOut(lease, request, list, repository, policy, session, judgedBy(resolved)),
      ),
    ]);
  }

  return async ({ payload: request, lease }) => {
    const mark = carriedOut(request.key);
    const isWritten = request.from.kind !== "button";
    if (isWritten && (await store.records.getValue(mark)) !== null) return done;
    await handle(lease, request);
    if (isWritten) await store.records.setValue(mark, String(clock.now()));
    return done;
  };
}
