import { buttonLabel, isStale, readButton, saidByButton } from "#core/commands/buttons.ts";
import type { Call, Outcome, Place } from "#core/commands/command.ts";
import { execute, type ExecutedCommand } from "#core/commands/execute.ts";
import { commands } from "#core/commands/index.ts";
import { parseCommands, type SaidCommand } from "#core/commands/parse.ts";
import { roleOf } from "#core/facts/people.ts";
import { isTallied, type Act, type SaidAt } from "#core/model/act.ts";
import { mergedInOrder } from "#core/model/order-said.ts";
import { hasAtLeast } from "#core/model/actor.ts";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import { lookUp, type FactTable } from "#core/model/fact.ts";
import { asking } from "#core/facts/read-table.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { AuditEntry } from "#core/ports/audit.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { commandAnswer, noPolicyAnswer, tooLateAnswer } from "#core/render/answer.ts";
import type { RenderedDecision } from "#core/render/decision.ts";
import { oneLine } from "#core/text/plain-text.ts";
import { mergeOf } from "#core/record/merge-key.ts";
import { actsBehind } from "./acts-behind.ts";
import { knownSlug } from "./app-slug.ts";
import { judgedBy } from "#flow/judge/assess-deployment.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { createExclusive } from "#flow/jobs/exclusive.ts";
import type { Deps } from "#flow/deps.ts";
import { judgeItem } from "#flow/jobs/judge-item.ts";
import { carriedOut, reasonAwaited, conversationKey } from "#flow/in-force/people-values.ts";
import { contextOfCommit, readCommandContext, cachedCommandContext } from "./command-context.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { react } from "./react.ts";
import { readFacts } from "#flow/judge/read-facts.ts";
import { withAnswer } from "./tell-tally.ts";
import { giveReason, labelSection } from "./label-overrides.ts";
import { commandRequestSchema, type CommandRequest } from "#flow/in-force/command-request.ts";
import { subjectOf, waitingIn } from "#flow/intake/route-deployment.ts";
import { done, type Outcome as WorkOutcome } from "#flow/jobs/work.ts";
import type { SummaryComment } from "#flow/publish/summary-comment.ts";

/** What anybody may ask who opened the pull request, whatever their role. */
const authorsOwn = ["recheck", "help", "status", "explain", "when", "freezes"];

/** Commands that ask nothing of the pull request but which commit it became. */
const ofDeployments = ["approve", "reject", "rollback"];

/** Acts after which a deployment that waits may get another answer. */
const forDeployments: readonly Act["kind"][] = [
  "approve",
  "reject",
  "hold",
  "unhold",
  "freeze",
  "unfreeze",
  "rollback",
  "override",
  "confirm",
  "override_cancel",
];

/** Carries out what people say in comments and with buttons: who, where, whether they may, once. */
export function createCommands(
  deps: Deps,
  policies: Policies,
  summary: SummaryComment,
): (lease: Lease) => Promise<WorkOutcome> {
  const { store, clock, log, github } = deps;
  const exclusive = createExclusive();

  function note(
    request: CommandRequest,
    kind: string,
    detail: Readonly<Record<string, unknown>>,
  ): AuditEntry {
    return {
      at: clock.now(),
      kind,
      repository: request.repository,
      subject: request.number === null ? null : `pr:${request.repository}:${request.number}`,
      actor: request.actor.login,
      detail: { ...detail, from: request.key },
    };
  }

  /** Whether the person's role says more than that the repository is public. One call at most, remembered for a minute. */
  async function belongs(request: CommandRequest, session: FactSession): Promise<boolean> {
    const need = roleOf.need(request.actor.login);
    const role = lookUp(await session.read([need]), need);
    if (role?.ok !== true)
      throw new GatehouseError(
        role?.code ?? "unavailable",
        role?.message ?? "the role was not read",
        { retryAt: role?.retryAt },
      );
    return hasAtLeast(role.value, "triage");
  }

  /** The comment or review as it stands now; null where it is not what was delivered: edited, deleted, somebody else's (threats T4, T34, T36). */
  async function readAgain(
    request: CommandRequest,
    repository: RepositoryRecord,
  ): Promise<string | null> {
    if (request.from.kind === "button" || request.number === null) return null;
    const { kind, id, bodyHash } = request.from;
    const seen =
      kind === "comment"
        ? await github.comment(repository, id)
        : await github.review(repository, request.number, id);
    const isUntouched =
      seen !== null &&
      seen.updatedAt === seen.createdAt &&
      seen.createdAt === request.at &&
      contentHash(seen.body) === bodyHash &&
      seen.issue === request.number &&
      !seen.viaApp &&
      seen.author?.id === request.actor.id &&
      seen.author.type === "User";
    return isUntouched ? seen.body : null;
  }

  async function acknowledge(
    lease: Lease,
    request: CommandRequest,
    repository: RepositoryRecord,
    content: "eyes" | "rocket" | "confused",
  ): Promise<void> {
    if (request.from.kind === "comment")
      await react(deps, lease, repository, request.from.id, content);
  }

  /** Nobody's right can be told from a policy that cannot be read: who spoke to us hears that, and nothing is done. */
  async function withoutPolicy(
    lease: Lease,
    request: CommandRequest,
    repository: RepositoryRecord,
    rendered: RenderedDecision,
  ): Promise<void> {
    if (
      !request.isAddressed ||
      request.number === null ||
      request.from.kind === "button" ||
      !(await isOneOfUs(request, repository, null))
    )
      return;
    if ((await readAgain(request, repository)) === null) return;
    await store.ledger.record({
      lease,
      decision: null,
      effects: [],
      audit: [
        note(request, "command", { command: null, outcome: "refused", because: rendered.title }),
      ],
    });
    await summary.update(lease, repository, request.number, [
      { name: "answer", text: noPolicyAnswer(request.actor, rendered.title) },
    ]);
    await acknowledge(lease, request, repository, "confused");
  }

  /** On a private repository whoever may comment belongs to it. */
  async function isOneOfUs(
    request: CommandRequest,
    repository: RepositoryRecord,
    session: FactSession | null,
  ): Promise<boolean> {
    if (request.isKnownHere || (repository.private && request.from.kind !== "button")) return true;
    return belongs(
      request,
      session ??
        deps.facts.open(
          { kind: "pull_request", repository: repository.id, number: request.number ?? 0 },
          repository,
        ),
    );
  }

  /** A button has no number and no time of GitHub's: the press was heard of as it came. */
  const orderOf = ({ at, from }: CommandRequest): SaidAt => ({
    at: from.kind === "button" ? at + github.clockAhead() : at,
    comment: from.kind === "comment" ? from.id : null,
  });

  /** Everything a command may look at; acts that this very comment made before a crash are left out, so that it comes out the same. */
  async function surroundings(
    request: CommandRequest,
    place: Place,
    policy: EffectivePolicy,
  ): Promise<Omit<Call, "command" | "rest" | "commands" | "ask">> {
    const { repository } = place;
    const own =
      place.number === null ? [] : await store.acts.find({ repository, pullRequest: place.number });
    const frozen = await store.acts.find({ repository, kinds: ["freeze", "unfreeze"] });
    const environments = await store.deployments.environments(repository);
    const deployments = (
      await Promise.all(
        environments.map((environment) =>
          store.deployments.inEnvironment(repository, environment, 50),
        ),
      )
    ).flat();
    const waiting = deployments
      .filter((row) => row.gateRequestedAt !== null && row.gateAnsweredAt === null)
      .map((row) => row.sha);
    const spokenFor: string[] = [];
    for (const sha of new Set(waiting)) {
      const on =
        (await store.records.getValue(conversationKey(repository, sha))) ??
        (await store.records.getValue(mergeOf(repository, sha)));
      if (place.number !== null && on === String(place.number)) spokenFor.push(sha);
    }
    const acts = mergedInOrder(own, frozen).filter((act) => !act.id.startsWith(`${request.key}:`));
    const decision =
      place.number === null
        ? null
        : ((await store.records.lastDecision(`pr:${repository}:${place.number}`))?.decision ??
          null);
    return {
      id: request.key,
      actor: request.actor,
      at: request.heardAt,
      now: clock.now(),
      said: orderOf(request),
      place,
      policy,
      acts,
      deployments,
      spokenFor,
      reviews: await store.tickets.open(repository, "review"),
      decision,
    };
  }

  /** Runs commands in rounds: what they ask for is read until they ask for nothing new. */
  async function run(
    list: readonly SaidCommand[],
    around: Omit<Call, "command" | "rest" | "commands" | "ask">,
    session: FactSession,
  ): Promise<{
    readonly executed: readonly ExecutedCommand[];
    readonly acts: readonly Act[];
    readonly table: FactTable;
  }> {
    const table = await readFacts(
      session,
      (known) => asking(known, (ask) => execute(list, { ...around, ask }, commands)).needs,
    );
    return { ...asking(table, (ask) => execute(list, { ...around, ask }, commands)).answer, table };
  }

  /** A fact that passes is waited for; one that does not leaves the command without effect, and says so. */
  function settle(
    executed: readonly ExecutedCommand[],
    table: FactTable,
  ): readonly { readonly command: SaidCommand; readonly outcome: Outcome }[] {
    const unread = [...table.values()].flatMap((result) => (result.ok ? [] : [result]));
    return executed.map(({ said: command, outcome }) => {
      if (outcome !== undefined) return { command, outcome };
      const passing = unread.find((result) => isTransient(result.code));
      if (passing !== undefined)
        throw new GatehouseError(passing.code, passing.message, { retryAt: passing.retryAt });
      return {
        command,
        outcome: {
          kind: "refused",
          says: `It cannot be told whether that may be done: ${oneLine(unread[0]?.message ?? "something could not be read", 200)}.`,
        },
      };
    });
  }

  /** Who waits for what was said is judged again. */
  async function wake(place: Place, acts: readonly Act[], isAsked: boolean): Promise<void> {
    const now = clock.now();
    const items = [];
    if (place.number !== null && place.state === "open" && (isAsked || acts.length > 0))
      items.push(
        judgeItem(
          { kind: "pull_request", repository: place.repository, number: place.number },
          now,
          true,
        ),
      );
    if (acts.some((act) => forDeployments.includes(act.kind)) || isAsked)
      items.push(
        ...(await waitingIn(deps, place.repository)).map((row) =>
          judgeItem(subjectOf(row), now, true),
        ),
      );
    if (items.length > 0) await store.queue.mark(items);
  }

  async function placeOf(
    request: CommandRequest,
    list: readonly SaidCommand[],
    repository: RepositoryRecord,
    session: FactSession,
  ): Promise<Place> {
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
    list: readonly SaidCommand[],
    repository: RepositoryRecord,
    policy: EffectivePolicy,
    session: FactSession,
  ): Promise<void> {
    const place = await placeOf(request, list, repository, session);
    const around = await surroundings(request, place, policy);
    const { executed, acts, table } = await run(list, around, session);
    const results = settle(executed, table);
    for (const act of acts)
      await store.acts.add(withAnswer(act, request, results), [
        note(request, act.kind, {
          act: act.id,
          name: act.name,
          environment: act.environment,
          sha: act.sha,
          reason: act.reason,
          saidAt: act.said?.at ?? null,
          expiresAt: act.expiresAt,
        }),
      ]);
    const audit = results.map(({ command, outcome }) =>
      note(request, "command", {
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
        await noLongerAwaited(lease, repository, request.number, request.actor.id);
      await speak(lease, request, request.number, repository, results);
    }
    const isAsked = results.some(
      ({ command, outcome }) => command.name === "recheck" && outcome.kind === "done",
    );
    await wake(place, acts, isAsked);
    const isRefused = results.some(({ outcome }) => outcome.kind === "refused");
    // An approval gets its rocket once a judged deployment counted it.
    if (isRefused || !acts.some(isTallied))
      await acknowledge(lease, request, repository, isRefused ? "confused" : "rocket");
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

  /** Who asked with a label and then with a command owes no other reason. */
  async function noLongerAwaited(
    lease: Lease,
    repository: RepositoryRecord,
    number: number,
    actor: number,
  ): Promise<void> {
    const awaited = reasonAwaited(repository.id, number, actor);
    const label = (await store.records.getValue(awaited)) ?? "";
    if (label === "") return;
    await store.records.setValue(awaited, "");
    await summary.update(lease, repository, number, [{ name: labelSection(label), text: null }]);
  }

  /** Words where there is something to say; overrides keep a part of their own, so that the next answer does not wipe them out. */
  async function speak(
    lease: Lease,
    request: CommandRequest,
    number: number,
    repository: RepositoryRecord,
    results: readonly { readonly command: SaidCommand; readonly outcome: Outcome }[],
  ): Promise<void> {
    const isOverride = ({ command, outcome }: (typeof results)[number]): boolean =>
      outcome.kind === "done" &&
      ["override", "emergency", "confirm", "override-cancel"].includes(command.name ?? "");
    const overrides = results.filter(isOverride).flatMap(({ outcome }) => outcome.says ?? []);
    const answers = results
      .filter((result) => !isOverride(result))
      .flatMap(({ command, outcome }) =>
        outcome.says === null
          ? // What has no reaction is acknowledged in words; what is tallied, once it was.
            request.from.kind === "review" &&
            !(outcome.kind === "done" && outcome.acts.some(isTallied))
            ? [commandAnswer(request.actor, command, "done.")]
            : []
          : [commandAnswer(request.actor, command, outcome.says)],
      );
    const sections = [
      ...(overrides.length === 0 ? [] : [{ name: "override", text: overrides.join("\n\n") }]),
      ...(answers.length === 0 ? [] : [{ name: "answer", text: answers.join("\n\n") }]),
    ];
    if (sections.length > 0) await summary.update(lease, repository, number, sections);
  }

  /** Something was said between the moment when the button was shown and the press: whoever pressed hears that it did nothing. */
  async function pressedTooLate(
    lease: Lease,
    request: CommandRequest,
    repository: RepositoryRecord,
  ): Promise<void> {
    if (request.from.kind !== "button") return;
    const name = readButton(request.from.identifier)?.name ?? "recheck";
    await store.ledger.record({
      lease,
      decision: null,
      effects: [],
      audit: [note(request, "command", { command: name, outcome: "refused", because: "too late" })],
    });
    if (request.number !== null)
      await summary.update(lease, repository, request.number, [
        {
          name: "answer",
          text: tooLateAnswer(request.actor, buttonLabel(name), request.from.environment),
        },
      ]);
  }

  async function commandsIn(
    request: CommandRequest,
    repository: RepositoryRecord,
    policy: EffectivePolicy,
  ): Promise<{ readonly list: readonly SaidCommand[]; readonly body: string } | "too late" | null> {
    switch (request.from.kind) {
      case "comment":
      case "review": {
        const body = await readAgain(request, repository);
        return body === null
          ? null
          : {
              list: parseCommands(body, {
                slug: await knownSlug(deps),
                bare: policy.commands.bare,
              }),
              body,
            };
      }
      case "button": {
        const { identifier, environment, sha } = request.from;
        const pressed = readButton(identifier);
        const command =
          pressed === null
            ? null
            : saidByButton(pressed, environment === null ? null : { environment, sha });
        if (pressed === null || command === null) return null;
        const acts = await actsBehind(store, request.repository, request.number, environment, sha);
        // Delivered again: what it did stands.
        if (acts.some((act) => act.id.startsWith(`${request.key}:`))) return null;
        return isStale(pressed, acts) ? "too late" : { list: [command], body: "" };
      }
    }
  }

  async function handle(lease: Lease, request: CommandRequest): Promise<void> {
    const repository = await store.records.repository(request.repository);
    if (repository === null || !repository.active || repository.archived) return;
    const resolved = await policies.of(repository);
    if (resolved.kind === "ungoverned") return;
    if (resolved.kind === "broken")
      return withoutPolicy(lease, request, repository, resolved.rendered);
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
    const isInsider = await isOneOfUs(request, repository, session);
    // Strangers get no answer at all: whatever it said would be somebody's to provoke at our cost (threat T50).
    if (!isInsider && !request.isAuthor) return;
    const found = await commandsIn(request, repository, policy);
    if (found === null) return;
    if (found === "too late") return pressedTooLate(lease, request, repository);
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
    const seen = acknowledge(lease, request, repository, "eyes");
    await Promise.all([
      seen,
      exclusive(`${repository.id}:${request.number ?? request.seenHead}`, () =>
        carryOut(lease, request, list, repository, policy, session),
      ),
    ]);
  }

  return async (lease) => {
    const request = commandRequestSchema.parse(lease.payload);
    const mark = carriedOut(request.key);
    const isWritten = request.from.kind !== "button";
    if (isWritten && (await store.records.getValue(mark)) !== null) return done;
    await handle(lease, request);
    if (isWritten) await store.records.setValue(mark, String(clock.now()));
    return done;
  };
}
