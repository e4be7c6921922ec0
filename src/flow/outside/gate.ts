import type { DeploymentRow } from "#core/model/deployment.ts";
import { GatehouseError } from "#core/model/errors.ts";
import { askedAgain, askedAnew, isAboutIt, type Ask } from "#core/outside/asking.ts";
import { gateQuestion, type GateQuestion } from "#core/outside/question.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { WorkloadTokens } from "#core/ports/workload-tokens.ts";
import type { GateAnswer } from "#core/render/gate-answer.ts";
import { subjectKey } from "#core/model/subject.ts";
import type { Deps } from "#flow/deps.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";
import { createPace } from "#flow/jobs/pace.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";
import type { Policies } from "#flow/policy/policies.ts";
import type { Bell } from "./bell.ts";
import {
  askedBy,
  identify,
  isBoundTo,
  isOneDeployment,
  paceOf,
  whyNotAsked,
  type Caller,
} from "./caller.ts";
import type { Lookout } from "./lookout.ts";
import { anotherRepository, tooManyHeld, tooOften, type GateRefusal } from "./refusal.ts";
import { createGiving } from "./give-answer.ts";
import { answerFrom } from "./tell-answer.ts";

/** One call of the gate; all of it is hostile input. */
export interface GateCall {
  /** The bearer token. */
  readonly shown: string | undefined;
  /** The body as JSON; undefined: it is none. */
  readonly body: unknown;
  /** How long the answer may be held while it is a hold; null: it was said in no usable way. */
  readonly waitMs: number | null;
  /** The caller has gone away. */
  readonly gone: AbortSignal;
  /** Root of links. */
  readonly origin: string;
}

export type GateReply = { readonly kind: "answer"; readonly answer: GateAnswer } | GateRefusal;

export interface Gate {
  readonly ask: (call: GateCall) => Promise<GateReply>;
}

export interface GateInput {
  readonly policies: Policies;
  readonly jobs: WorkloadTokens;
  readonly bell: Bell;
  readonly lookout: Lookout;
  /** Looks for work at once. */
  readonly wake: () => void;
}

const asksAMinute = 1_200;
/** Callers that are held at once, in all and of one caller: each costs a connection. */
const mostHeld = 500;
const mostHeldOfOne = 250;
/** How long a first judgement may take before the caller is told to ask again. */
const judgedWithinMs = 25_000;
const unavailable: GateRefusal = { kind: "unavailable", seconds: 5 };

function problemsOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): GateRefusal {
  return {
    kind: "invalid",
    problems: issues.map(({ path, message }) => ({ field: path.map(String).join("."), message })),
  };
}

/** The gate for deployers outside Actions' environments: who may ask what, and the answer, once there is one. */
export function createGate(deps: Deps, { policies, jobs, bell, lookout, wake }: GateInput): Gate {
  const { store, clock, log } = deps;
  const give = createGiving(deps, bell);
  const pace = createPace(clock, asksAMinute);
  const lookUps = createPace(clock, 6);
  const lookUpsInAll = createPace(clock, 60);
  const held = new Map<string, number>();
  let heldInAll = 0;

  /** A repository of which no event came yet. Anybody may have a token of a repository of their own, so GitHub is asked seldom. */
  async function found(
    caller: Caller,
    owner: string,
    name: string,
  ): Promise<RepositoryRecord | null> {
    if (!lookUps.allows(paceOf(caller)) || !lookUpsInAll.allows("all")) return null;
    const installation = await deps.github.installationOf(owner, name);
    const repository =
      installation === null ? null : await deps.github.findRepository(installation, owner, name);
    if (repository !== null) await store.records.saveRepository(repository);
    return repository;
  }

  /** The repository, if it is governed and the caller is of it. What is not governed looks like what does not exist. */
  async function governed(
    caller: Caller,
    asked: GateQuestion,
  ): Promise<RepositoryRecord | GateRefusal> {
    const [owner = "", name = ""] = asked.repository.split("/");
    const repository =
      (await store.records.repositoryByName(owner, name)) ?? (await found(caller, owner, name));
    if (repository === null || !repository.active || repository.archived)
      return { kind: "not_governed" };
    if (!(await isBoundTo(deps, caller, repository)))
      return { kind: "forbidden", ...anotherRepository(asked.repository, caller.kind === "job") };
    return (await policies.of(repository)).kind === "ungoverned"
      ? { kind: "not_governed" }
      : repository;
  }

  /** A commit that GitHub does not show is none; where GitHub does not answer, the judgement says so. */
  async function isCommit(repository: RepositoryRecord, sha: string): Promise<boolean> {
    // Of what is on record already GitHub has told before: commits do not go away.
    if ((await store.deployments.ofSha(repository.id, sha)).length > 0) return true;
    try {
      return (await deps.github.commit(repository, sha)) === sha;
    } catch (error) {
      if (error instanceof GatehouseError) return true;
      throw error;
    }
  }

  /** Puts the question on record, and marks it to be judged; answers with its row. */
  async function ask(asking: Omit<Ask, "now">): Promise<DeploymentRow> {
    const now = clock.now();
    const own = { ...asking, now };
    const row = await store.deployments.ask(asking, {
      again: (rows) => askedAgain(rows, own),
      anew: (newest) => askedAnew(own, newest),
    });
    const subject = subjectOf(row);
    if (row.question?.asked === 1)
      await store.audit.append([
        {
          at: now,
          kind: "gate_asked",
          repository: row.repository,
          subject: subjectKey(subject),
          actor: row.actor?.login ?? null,
          detail: {
            environment: row.environment,
            sha: row.sha,
            ref: row.ref,
            run: row.runId,
            digest: asking.digest,
            caller: row.question.caller,
          },
        },
      ]);
    await store.queue.mark([judgeItem(subject, now, true)]);
    wake();
    return row;
  }

  const isTokenStill = async (shown: string | undefined): Promise<boolean> =>
    (await identify(deps, jobs, shown)).kind === "token";

  /** Waits for the answer as long as it may be held. */
  async function answer(
    repository: RepositoryRecord,
    caller: Caller,
    asked: GateQuestion,
    call: GateCall & { readonly waitMs: number },
  ): Promise<GateReply> {
    const from = performance.now();
    const tell = async (row: DeploymentRow): Promise<GateReply> => ({
      kind: "answer",
      answer: await answerFrom(deps, repository, row, call.origin),
    });
    const asking = {
      ...askedBy(caller, asked, repository),
      repository: repository.id,
      environment: asked.environment,
      sha: asked.sha,
      digest: asked.digest ?? null,
    };
    let row = await ask(asking);
    let own = row.question?.asked ?? 0;
    const askAnew = async (): Promise<void> => {
      row = await ask(asking);
      own = row.question?.asked ?? 0;
    };
    let isHeld = false;
    for (;;) {
      // A token may be revoked, or run out, while its caller is held.
      if (isHeld && caller.kind === "token" && !(await isTokenStill(call.shown)))
        return { kind: "unauthorized" };
      isHeld = true;
      const since = bell.rung();
      const seen = await store.deployments.row(row.repository, row.deploymentId, row.environment);
      // It came to its end without an answer: its run is over, or nothing governs it any more.
      if (
        seen?.question === undefined ||
        (seen.gateAnsweredAt !== null && seen.gateAnswer === null)
      )
        return { kind: "not_governed" };
      if (!isAboutIt(seen, asking)) {
        log.error({ subject: subjectKey(subjectOf(row)) }, "a question became another one");
        return unavailable;
      }
      row = seen;
      const { judged } = seen.question;
      const isJudged = judged !== null && judged.ask >= own;
      if (seen.gateAnswer === "rejected" || (seen.gateAnswer !== null && isOneDeployment(caller)))
        return await tell(seen);
      if (call.gone.aborted) return unavailable;
      if (seen.gateAnswer !== null) {
        // Another call that shows the same token took the yes, and a yes is for one deployment.
        await askAnew();
        continue;
      }
      if (isJudged && judged.answer !== "wait") {
        const given = await give(seen, own);
        if (given !== null) return await tell(given);
        // It is not fresh any more, or another call took it: a yes is read again in the moment in which it is given.
        await askAnew();
        continue;
      }
      const waited = performance.now() - from;
      const left = (isJudged ? call.waitMs : Math.max(call.waitMs, judgedWithinMs)) - waited;
      if (left <= 0 || bell.isSilenced() || call.gone.aborted)
        return isJudged && judged.answer === "wait" ? await tell(seen) : unavailable;
      const callOff = lookout.watch(seen);
      await bell.next(subjectKey(subjectOf(seen)), left, call.gone, since);
      callOff();
    }
  }

  return {
    ask: async (call) => {
      const caller = await identify(deps, jobs, call.shown);
      if (caller.kind === "unknown") return { kind: "unauthorized" };
      if (caller.kind === "unavailable") return unavailable;
      const parsed = gateQuestion.safeParse(call.body);
      if (!parsed.success) return problemsOf(parsed.error.issues);
      const asked = parsed.data;
      const { waitMs } = call;
      if (waitMs === null)
        return problemsOf([{ path: ["wait"], message: "a whole number of seconds, at most 600" }]);
      const why = whyNotAsked(caller, asked);
      if (why !== null) return { kind: "forbidden", ...why };
      const who = paceOf(caller);
      const ownHeld = held.get(who) ?? 0;
      if (!pace.allows(who)) return tooOften(60);
      if (heldInAll >= mostHeld || ownHeld >= mostHeldOfOne) return tooManyHeld(10);
      held.set(who, ownHeld + 1);
      heldInAll += 1;
      try {
        const repository = await governed(caller, asked);
        if ("kind" in repository) return repository;
        if (caller.kind === "token" && !(await isCommit(repository, asked.sha)))
          return {
            kind: "invalid",
            problems: [{ field: "sha", message: `${asked.repository} has no such commit` }],
          };
        return await answer(repository, caller, asked, { ...call, waitMs });
      } catch (error) {
        if (!(error instanceof GatehouseError)) throw error;
        log.warn(
          { repository: asked.repository, environment: asked.environment, err: error },
          "a question could not be answered; the caller is told to ask again",
        );
        return unavailable;
      } finally {
        heldInAll -= 1;
        const left = (held.get(who) ?? 1) - 1;
        if (left === 0) held.delete(who);
        else held.set(who, left);
      }
    },
  };
}
