import { pullRequestKey } from "#core/model/subject.ts";
import { buttonLabel, readButton } from "#core/commands/buttons.ts";
import type { Outcome } from "#core/commands/command.ts";
import type { ParsedCommand } from "#core/commands/parse.ts";
import { isTallied } from "#core/model/act.ts";
import type { AuditEntry } from "#core/ports/audit.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { commandAnswer, noPolicyAnswer, tooLateAnswer } from "#core/render/answer.ts";
import type { RenderedDecision } from "#core/render/decision.ts";
import { answerSection } from "#core/render/summary-comment.ts";
import type { Deps } from "#flow/deps.ts";
import { awaitNoReason, reasonAwaited } from "#flow/in-force/people-values.ts";
import type { CommandRequest } from "#flow/jobs/command-job.ts";
import type { SummaryComment } from "#flow/publish/summary-comment.ts";
import { labelSection } from "./label-names.ts";
import { react } from "./react.ts";
import { readAgain } from "./read-request.ts";
import { isOneOfUs } from "./who-belongs.ts";

export function auditEntry(
  deps: Deps,
  request: CommandRequest,
  kind: string,
  detail: Readonly<Record<string, unknown>>,
): AuditEntry {
  const { clock } = deps;
  return {
    at: clock.now(),
    kind,
    repository: request.repository,
    subject: request.number === null ? null : pullRequestKey(request.repository, request.number),
    actor: request.actor.login,
    detail: { ...detail, from: request.key },
  };
}

export async function acknowledge(
  deps: Deps,
  lease: Lease,
  request: CommandRequest,
  repository: RepositoryRecord,
  content: "eyes" | "rocket" | "confused",
): Promise<void> {
  if (request.from.kind === "comment")
    await react(deps, lease, repository, request.from.id, content);
}

/** Rights cannot be determined without a readable policy: the author is told so, and nothing is done. */
export async function withoutPolicy(
  deps: Deps,
  summary: SummaryComment,
  lease: Lease,
  request: CommandRequest,
  repository: RepositoryRecord,
  rendered: RenderedDecision,
): Promise<void> {
  const { store } = deps;
  if (
    !request.isAddressed ||
    request.number === null ||
    request.from.kind === "button" ||
    !(await isOneOfUs(deps, request, repository, null))
  )
    return;
  if ((await readAgain(deps, request, repository)) === null) return;
  await store.ledger.record({
    lease,
    decision: null,
    effects: [],
    audit: [
      auditEntry(deps, request, "command", {
        command: null,
        outcome: "refused",
        because: rendered.title,
      }),
    ],
  });
  await summary.update(lease, repository, request.number, [
    {
      name: answerSection(request.actor.id, null),
      text: noPolicyAnswer(request.actor, rendered.title),
    },
  ]);
  await acknowledge(deps, lease, request, repository, "confused");
}

/** An act was recorded between showing the button and the press, so the press does nothing and its author is told so. */
export async function pressedTooLate(
  deps: Deps,
  summary: SummaryComment,
  lease: Lease,
  request: CommandRequest,
  repository: RepositoryRecord,
): Promise<void> {
  const { store } = deps;
  if (request.from.kind !== "button") return;
  const name = readButton(request.from.identifier)?.name ?? "recheck";
  await store.ledger.record({
    lease,
    decision: null,
    effects: [],
    audit: [
      auditEntry(deps, request, "command", {
        command: name,
        outcome: "refused",
        because: "too late",
      }),
    ],
  });
  if (request.number !== null)
    await summary.update(lease, repository, request.number, [
      {
        name: answerSection(request.actor.id, null),
        text: tooLateAnswer(request.actor, buttonLabel(name), request.from.environment),
      },
    ]);
}

/** Somebody who asked with a label and then with a command owes no further reason. */
export async function noLongerAwaited(
  deps: Deps,
  summary: SummaryComment,
  lease: Lease,
  repository: RepositoryRecord,
  number: number,
  actor: number,
): Promise<void> {
  const { store } = deps;
  const awaited = reasonAwaited(repository.id, number, actor);
  const label = (await store.records.getValue(awaited)) ?? "";
  if (label === "") return;
  await awaitNoReason(store.records, repository.id, number, actor, label);
  await summary.update(lease, repository, number, [{ name: labelSection(label), text: null }]);
}

/**
 * Answers with a comment if there is something to say; overrides have a section of their own, so that the next
 * answer does not replace it.
 */
export async function speak(
  summary: SummaryComment,
  lease: Lease,
  request: CommandRequest,
  number: number,
  repository: RepositoryRecord,
  results: readonly { readonly command: ParsedCommand; readonly outcome: Outcome }[],
): Promise<void> {
  const isOverride = ({ command, outcome }: (typeof results)[number]): boolean =>
    outcome.kind === "done" &&
    ["override", "emergency", "confirm", "override-cancel"].includes(command.name ?? "");
  const overrides = results.filter(isOverride).flatMap(({ outcome }) => outcome.says ?? []);
  const answers = results
    .filter((result) => !isOverride(result))
    .flatMap(({ command, outcome }) => {
      const name = answerSection(request.actor.id, command.name);
      if (outcome.says !== null)
        return [{ name, text: commandAnswer(request.actor, command, outcome.says) }];
      // If no reaction is possible, a comment acknowledges it; a tallied act is acknowledged after the tally.
      return request.from.kind === "review" &&
        !(outcome.kind === "done" && outcome.acts.some(isTallied))
        ? [{ name, text: commandAnswer(request.actor, command, "done.") }]
        : [];
    });
  const sections = [
    ...(overrides.length === 0 ? [] : [{ name: "override", text: overrides.join("\n\n") }]),
    ...[...new Set(answers.map(({ name }) => name))].map((name) => ({
      name,
      text: answers
        .filter((answer) => answer.name === name)
        .map(({ text }) => text)
        .join("\n\n"),
    })),
  ];
  if (sections.length > 0) await summary.update(lease, repository, number, sections);
}

export const noPartHere =
  "It takes the triage role or a stronger one in the repository, and more by the policy.";

/** Somebody who submitted a form is signed in and gets an answer even without a role in the repository. */
export async function refuseForm(deps: Deps, lease: Lease, request: CommandRequest): Promise<void> {
  if (request.from.kind !== "page") return;
  await deps.store.ledger.record({
    lease,
    decision: null,
    effects: [],
    audit: [
      auditEntry(deps, request, "command", {
        command: request.from.command,
        outcome: "refused",
        because: noPartHere,
      }),
    ],
  });
}
