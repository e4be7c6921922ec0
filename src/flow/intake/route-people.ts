import { deploymentOfCheck, readButton } from "#core/commands/buttons.ts";
import type { CommandName } from "#core/commands/names.ts";
import { doubtedCommands, parseCommands } from "#core/commands/parse.ts";
import type { Person } from "#core/model/actor.ts";
import type { Event } from "#core/model/event.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { labelRequestKey, reasonAwaited } from "#flow/in-force/people-values.ts";
import { pullOfDeployment } from "#flow/in-force/pull-of-deployment.ts";
import { inOurTime } from "#flow/in-our-time.ts";
import { commandJob } from "#flow/jobs/command-job.ts";
import type { Pace } from "#flow/jobs/pace.ts";
import { labelJob, mergedJob } from "#flow/jobs/pull-request-jobs.ts";
import { reviewIssueJob } from "#flow/jobs/review-jobs.ts";
import { knownSlug } from "#flow/people/app-slug.ts";
import { isKnownHere } from "#flow/people/found-comment.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { noteHead, noteLabelled } from "./note-heads.ts";

const isPerson = (actor: Person | null): actor is Person =>
  actor !== null && actor.type === "User" && !actor.login.endsWith("[bot]");

const stops: ReadonlySet<CommandName> = new Set(["hold", "reject", "freeze", "override-cancel"]);
/** Nobody waits longer for an answer to what they said. */
const mostPutOffMs = 60 * 60_000;

/** What people do with the gate, as work. Costs no call: what is no command is forgotten here (threat T50). */
export function createPeopleRouter(
  deps: Deps,
  pace: Pace,
): (event: Event, repository: RepositoryRecord) => Promise<readonly WorkItem[]> {
  const { store, clock } = deps;

  /**
   * When it is looked at; null: never. What is too much within a minute waits for its turn, at most an hour. What stops
   * has turns of its own, so that nothing else is in its way, and is never dropped.
   */
  function turnOf(
    repository: RepositoryRecord,
    { id }: Person,
    names: readonly (CommandName | null)[],
    saidAt: number,
  ): number | null {
    const isStop = names.some((name) => name !== null && stops.has(name));
    const turn = pace.turnOf(`${repository.installationId}:${id}${isStop ? ":stops" : ""}`, saidAt);
    const now = clock.now();
    return !isStop && turn - now > mostPutOffMs ? null : Math.max(now, turn);
  }

  /** The head that the person who speaks now can have seen. */
  const headSeen = async (repository: number, number: number): Promise<string | null> =>
    (await store.records.pullRequest(repository, number))?.headSha ?? null;

  async function commentItems(
    event: Event,
    repository: RepositoryRecord,
  ): Promise<readonly WorkItem[]> {
    const { comment } = event;
    // Only a new comment, or review, of a person on a pull request says anything (threats T4, T34).
    if (
      comment === null ||
      (event.name !== "issue_comment.created" && comment.review === undefined) ||
      !comment.onPullRequest ||
      comment.viaApp ||
      !isPerson(comment.author)
    )
      return [];
    const slug = await knownSlug(deps);
    const doubted = doubtedCommands(comment.body, { slug, bare: true });
    const commands = [...parseCommands(comment.body, { slug, bare: true }), ...doubted];
    if (
      commands.length === 0 &&
      ((await store.records.getValue(
        reasonAwaited(repository.id, comment.issue, comment.author.id),
      )) ?? "") === ""
    )
      return [];
    const heardAt = inOurTime(deps, comment.createdAt);
    const runAt = turnOf(
      repository,
      comment.author,
      commands.map(({ name }) => name),
      heardAt,
    );
    if (runAt === null) return [];
    return [
      commandJob.item(
        {
          key: `${comment.review === undefined ? "comment" : "review-body"}:${repository.id}:${comment.id}`,
          repository: repository.id,
          number: comment.issue,
          actor: comment.author,
          isKnownHere: isKnownHere(comment.authorAssociation),
          isAuthor: comment.isAuthor,
          isAddressed:
            doubted.length > 0 || parseCommands(comment.body, { slug, bare: false }).length > 0,
          at: comment.createdAt,
          heardAt,
          // A review says itself which commit was looked at.
          seenHead: comment.review?.commit ?? (await headSeen(repository.id, comment.issue)),
          from: {
            kind: comment.review === undefined ? "comment" : "review",
            id: comment.id,
            bodyHash: contentHash(comment.body),
          },
        },
        runAt,
      ),
    ];
  }

  async function pullsOfHead(
    repository: number,
    sha: string,
    told: readonly number[],
  ): Promise<readonly number[]> {
    const open = (await store.records.openPullRequestsWithHead(repository, sha)).map(
      (row) => row.number,
    );
    return open.length > 0 ? open : told;
  }

  /** Buttons of our own check runs; nobody else's buttons are ours. */
  async function buttonItems(
    event: Event,
    repository: RepositoryRecord,
  ): Promise<readonly WorkItem[]> {
    const { check, sender } = event;
    if (
      event.name !== "check_run.requested_action" ||
      check === null ||
      check.appId !== deps.appId ||
      check.action === null ||
      check.name === null ||
      !isPerson(sender)
    )
      return [];
    const pressed = readButton(check.action);
    if (pressed === null) return [];
    const now = clock.now();
    const runAt = turnOf(repository, sender, [pressed.name], now);
    if (runAt === null) return [];
    // By what we wrote into the check run, never by its name: an environment may be called anything.
    const deployment = deploymentOfCheck(check.externalId);
    const named =
      deployment === null
        ? await pullsOfHead(repository.id, check.headSha, check.pullRequests)
        : [await pullOfDeployment(store.records, repository.id, check.headSha)];
    return named.slice(0, 5).map((number) =>
      commandJob.item(
        {
          // A press is told by the commit and the deployment that its check run speaks of: another one's is another word.
          key: `button:${repository.id}:${number ?? "none"}:${check.headSha}:${deployment?.deploymentId ?? "pull"}:${check.name}:${check.action}:${sender.id}`,
          repository: repository.id,
          number,
          actor: sender,
          isKnownHere: false,
          isAuthor: false,
          isAddressed: true,
          at: now,
          heardAt: now,
          seenHead: check.headSha,
          from: {
            kind: "button",
            check: check.name ?? "",
            identifier: check.action ?? "",
            sha: check.headSha,
            environment: deployment?.environment ?? null,
          },
        },
        runAt,
      ),
    );
  }

  async function issueItems(
    event: Event,
    repository: RepositoryRecord,
  ): Promise<readonly WorkItem[]> {
    const { issue } = event;
    const isMoved = ["issues.closed", "issues.reopened", "issues.deleted"].includes(event.name);
    // A review that is done may be answered more fully afterwards.
    const isWritten =
      event.name === "issues.edited" ||
      (event.name.startsWith("issue_comment.") && isPerson(event.sender));
    if ((!isMoved && !isWritten) || issue === null || issue.isPullRequest) return [];
    const ticket = await store.tickets.byIssue(repository.id, issue.number);
    if (ticket === null || ticket.purpose !== "review") return [];
    if (isWritten && ticket.state !== "closed") return [];
    return [reviewIssueJob.item({ repository: repository.id, issue: issue.number }, clock.now())];
  }

  /** A label of an override that somebody asked for with it, put on or taken off: who did it is looked at each time, also where it stands again by now. */
  async function labelsMoved(
    event: Event,
    repository: RepositoryRecord,
  ): Promise<readonly WorkItem[]> {
    const { label, pullRequest } = event;
    if (
      label === null ||
      pullRequest === null ||
      !["pull_request.labeled", "pull_request.unlabeled"].includes(event.name)
    )
      return [];
    const key = labelRequestKey(repository.id, pullRequest.number, label);
    // On a merged one no judgement looks at labels, and who put it on is owed an answer.
    const isLate = event.name === "pull_request.labeled" && pullRequest.state === "closed";
    return !isLate && ((await store.records.getValue(key)) ?? "") === ""
      ? []
      : [
          labelJob.item(
            { repository: repository.id, number: pullRequest.number, label },
            clock.now(),
          ),
        ];
  }

  return async (event, repository) => {
    await noteHead(store.records, event, repository.id);
    await noteLabelled(store.records, event, repository.id);
    const merged =
      event.name === "pull_request.closed" && event.pullRequest !== null
        ? [
            mergedJob.item(
              { repository: repository.id, number: event.pullRequest.number },
              clock.now(),
            ),
          ]
        : [];
    return [
      ...merged,
      ...(await commentItems(event, repository)),
      ...(await buttonItems(event, repository)),
      ...(await issueItems(event, repository)),
      ...(await labelsMoved(event, repository)),
    ];
  };
}
