import { commitsBetween, isAncestor } from "@gatehouse/github-simulator/git/history.ts";
import type { Deployment } from "@gatehouse/github-simulator/world/deployments.ts";
import type { Pull } from "@gatehouse/github-simulator/world/pulls.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import { all, no, opposite, unjudged, yes, type Answer } from "./answer.ts";
import { commandsOfRepo, holdOf, type Command } from "./acts.ts";
import { judgeChecks } from "./checks.ts";
import { isOn, isOpenNow } from "./clock.ts";
import { judgeTests } from "./tests.ts";
import { judgeForward, judgeIncidents } from "./forward.ts";
import { docOf, durationOf, listOf, textsOf, type Doc } from "./doc.ts";
import {
  baseOf,
  enforcementOf,
  gatesOf,
  isBare,
  isRuling,
  repositoryNames,
  rulingOf,
  type Ruling,
} from "./judge-pull.ts";
import { contributorsOf, hasRole, isAmong, namedIn } from "./people.ts";
import { gatedRange } from "./merges.ts";
import { judgeReviews } from "./reviews.ts";
import { nameMatches, type Scene } from "./scene.ts";
import { applies } from "./when.ts";

interface At {
  readonly scene: Scene;
  readonly repo: Repo;
  readonly deployment: Deployment;
  readonly ruling: Ruling;
  readonly commands: readonly Command[];
  readonly pulls: readonly Pull[];
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Statuses that prove something: of a job's deployment, a success that somebody else calls it is none. */
const provenStatuses = (scene: Scene, one: Deployment): Deployment["statuses"] =>
  one.statuses.filter(
    ({ state, creatorId }) =>
      state !== "success" ||
      one.runId === null ||
      scene.world.accounts.get(creatorId)?.login === "github-actions[bot]",
  );

const hasSucceeded = (scene: Scene, one: Deployment): boolean =>
  provenStatuses(scene, one).some(({ state }) => state === "success");

const successesBefore = (
  scene: Scene,
  repo: Repo,
  { id, environment }: Deployment,
): readonly Deployment[] =>
  [...repo.deployments.values()].filter(
    (one) => one.id < id && same(one.environment, environment) && hasSucceeded(scene, one),
  );

/** Where nothing that it stands on is proven to have run there, a hold on whatever was merged below counts (docs/deployments.md, What goes out). */
function mergedBelow(scene: Scene, repo: Repo, deployment: Deployment): readonly Pull[] {
  const { git } = scene.world;
  const standsOn = successesBefore(scene, repo, deployment).some((one) =>
    isAncestor(git, one.sha, deployment.sha),
  );
  if (standsOn) return [];
  return [...repo.pulls.values()].filter(
    ({ mergeCommitSha }) =>
      mergeCommitSha !== null && isAncestor(git, mergeCommitSha, deployment.sha),
  );
}

/** Pull requests that go out: since the last success there, else those that the commit belongs to. */
function pullsOf(scene: Scene, repo: Repo, deployment: Deployment): readonly Pull[] {
  const before = successesBefore(scene, repo, deployment).at(-1);
  const { git } = scene.world;
  const range = new Set(
    before === undefined
      ? [deployment.sha]
      : commitsBetween(git, before.sha, deployment.sha).map((one) => one.sha),
  );
  return [...repo.pulls.values()].filter(
    (pull) =>
      (pull.mergeCommitSha !== null && range.has(pull.mergeCommitSha)) || range.has(pull.headSha),
  );
}

const inEnvironment = (one: Command, { deployment }: At): boolean => {
  const said = one.rest.replace(/^["“](.*?)["”]/, "$1");
  return same(said.slice(0, deployment.environment.length), deployment.environment);
};

/** Whether a command on a pull request is about the deployed commit. */
function speaksOf(one: Command, at: At): "yes" | "no" | "unjudged" {
  const { deployment, repo } = at;
  const named = /\b[0-9a-f]{7,40}\b/.exec(one.rest)?.[0];
  if (named !== undefined) return deployment.sha.startsWith(named) ? "yes" : "no";
  const pull = repo.pulls.get(one.number);
  if (pull?.mergeCommitSha === deployment.sha)
    return one.at >= (pull.mergedAt ?? 0) ? "yes" : "unjudged";
  // What was pushed straight is spoken of where the newest change stands.
  const newest = [...repo.pulls.values()]
    .filter(({ mergedAt }) => mergedAt !== null)
    .sort((a, b) => (b.mergedAt ?? 0) - (a.mergedAt ?? 0) || b.number - a.number)[0];
  if (at.pulls.length === 0 && pull !== undefined && pull === newest)
    return one.at >= deployment.createdAt ? "yes" : "unjudged";
  return pull?.headSha === deployment.sha || at.pulls.some((each) => each === pull)
    ? "unjudged"
    : "no";
}

function judgeApprovals(at: At, params: Doc): Answer {
  const { scene, repo, deployment } = at;
  const { world } = scene;
  const run = deployment.runId === null ? undefined : repo.runs.get(deployment.runId);
  const excluded =
    params["exclude"] === undefined ? ["requester", "authors"] : textsOf(params["exclude"]);
  const barred = new Set<number>();
  if (excluded.includes("requester") && run !== undefined)
    // GitHub names the last editor of a schedule, who asked for nothing.
    for (const id of run.event !== "schedule"
      ? [run.actorId, run.triggeringActorId]
      : run.attempt > 1
        ? [run.triggeringActorId]
        : [])
      barred.add(id);
  if (excluded.includes("authors"))
    for (const pull of at.pulls) {
      const { openers, others } = contributorsOf(world, repo, pull);
      for (const id of [...openers, ...others]) barred.add(id);
    }
  const own = world.git.commits.get(deployment.sha);
  if (excluded.includes("authors") && at.pulls.length === 0 && own !== undefined)
    for (const id of namedIn(world, own)) barred.add(id);
  const sure = new Set<number>();
  const perhaps = new Set<number>();
  for (const one of at.commands) {
    if (!inEnvironment(one, at)) continue;
    if (one.word === "reject") {
      sure.delete(one.by);
      perhaps.delete(one.by);
    }
    if (one.word !== "approve" && one.word !== "rollback") continue;
    const word = one.isDoubtful || one.word === "rollback" ? "unjudged" : speaksOf(one, at);
    if (word === "yes") sure.add(one.by);
    if (word === "unjudged") perhaps.add(one.by);
  }
  for (const answer of run?.answers ?? [])
    if (
      answer.appId === null &&
      answer.state === "approved" &&
      answer.environments.some((name) => same(name, deployment.environment))
    )
      sure.add(answer.userId);
  for (const told of scene.told)
    if (
      told.repo === repo.id &&
      /^approv|^deploy/.test(told.kind) &&
      same(told.environment ?? "", deployment.environment) &&
      (told.sha === null || told.sha === deployment.sha)
    )
      sure.add(told.by);
  const counts = (id: number): boolean => !barred.has(id) && isAmong(world, repo, id, params);
  const wanted = Number(params["count"] ?? 1);
  const found = [...sure].filter(counts).length;
  if (found >= wanted) return yes();
  return found + [...perhaps].filter(counts).length >= wanted
    ? unjudged("approvals that speak of another commit, or doubtfully")
    : no(`${found} of ${wanted} approvals for ${deployment.environment}`);
}

function judgePromotion(at: At, params: Doc): Answer {
  const { scene, repo, deployment } = at;
  const newest = [...repo.deployments.values()]
    .filter(
      (one) => one.sha === deployment.sha && same(one.environment, String(params["environment"])),
    )
    .at(-1);
  const statuses = newest === undefined ? [] : provenStatuses(scene, newest);
  const success = statuses.findLast((one) => one.state === "success");
  const last = statuses.at(-1)?.state;
  if (newest === undefined || success === undefined || last === "failure" || last === "error")
    return no(`not proven on ${String(params["environment"])}`);
  if (last !== "success" && last !== "inactive") return no("the newest deployment there runs");
  const bake = durationOf(params["bake"] ?? 0);
  const age = scene.world.now() - success.createdAt;
  // The gate counts by its own clock; a second more or less is nobody's fault.
  if (bake !== undefined && age + 1500 < bake) return no("not baked");
  return params["within"] === undefined && last === "success"
    ? judgeChecks(checksAt(at), { names: params["checks"] ?? [] })
    : unjudged("within, or replaced");
}

const checksAt = ({ scene, repo, deployment }: At) => ({
  world: scene.world,
  repo,
  sha: deployment.sha,
  pull: undefined,
  baseSha: undefined,
  ...(deployment.runId === null ? {} : { asking: deployment.runId }),
  ...(deployment.runId === null || deployment.gate !== null ? {} : { askedBy: deployment.id }),
  branches: [
    repo.defaultBranch,
    ...[...repo.refs].flatMap(([ref, sha]) =>
      sha === deployment.sha && ref.startsWith("refs/heads/") ? [ref.slice(11)] : [],
    ),
    ...[...repo.pulls.values()].flatMap((one) =>
      one.headSha === deployment.sha ? [one.headRef] : [],
    ),
  ],
});

function judgeRequirement(at: At, policy: Doc, require: Doc): Answer {
  const [entry] = Object.entries(require);
  if (entry === undefined) return unjudged("a rule that requires nothing");
  const [key, raw] = entry;
  const { scene, repo, deployment } = at;
  switch (key) {
    case "all":
      return all(listOf(raw).map((one) => judgeRequirement(at, policy, docOf(one))));
    case "approvals":
      return judgeApprovals(at, docOf(raw));
    case "window":
      return isOpenNow(policy, textsOf(raw), scene.now);
    case "not_frozen":
      return all(at.ruling.policies.map((one) => unfrozen(at, one, raw)));
    case "checks":
      return judgeChecks(checksAt(at), docOf(raw));
    case "promoted_from":
      return judgePromotion(at, docOf(raw));
    case "reviews":
      return at.pulls.length === 0
        ? unjudged("reviews of what came without a pull request")
        : all(
            at.pulls.map((pull) =>
              judgeReviews(
                { world: scene.world, repo, pull, base: baseOf(repo, pull) },
                docOf(raw),
              ),
            ),
          );
    case "changes_gated":
      return gatedRange(scene, repo, deployment);
    case "forward_only":
      return judgeForward(scene, repo, deployment, (one) => provenStatuses(scene, one));
    case "no_incident":
      return judgeIncidents(repo, docOf(raw));
    case "tests":
      return judgeTests(at.ruling.policies, repo, deployment.sha, docOf(raw));
    default:
      return unjudged(`${key} at ${deployment.environment}`);
  }
}

function unfrozen(at: At, policy: Doc, names: unknown): Answer {
  const wanted = names === true ? undefined : textsOf(names);
  const { scene, deployment } = at;
  return all(
    listOf(policy["freezes"])
      .map(docOf)
      .filter((freeze) => wanted === undefined || wanted.includes(String(freeze["name"])))
      .filter(
        (freeze) =>
          freeze["environments"] === undefined ||
          textsOf(freeze["environments"]).some((glob) =>
            nameMatches(glob.toLowerCase(), deployment.environment.toLowerCase()),
          ),
      )
      .map((freeze) => {
        const on = isOn(freeze, scene.now);
        const isNarrow = ["branches", "paths", "repositories", "labels", "exempt"].some(
          (key) => freeze[key] !== undefined,
        );
        return on.word === "yes" && isNarrow ? unjudged("a narrow freeze") : opposite(on);
      }),
  );
}

/** A freeze until an instant, or until it is lifted. */
function until(rest: string, now: number): Answer {
  const found = /\buntil\s+(\S+)/i.exec(rest)?.[1];
  if (found === undefined) return no(`frozen by a person: ${rest}`);
  const end = /Z$|[+-]\d{2}:\d{2}$/.test(found) ? Date.parse(found) : Number.NaN;
  if (Number.isNaN(end)) return unjudged("a freeze until a local time");
  return now >= end ? yes() : no(`frozen by a person: ${rest}`);
}

/** A freeze that somebody with the right recorded holds, whatever the rules say. */
function unfrozenByPeople(at: At): Answer {
  const { scene, repo, deployment, commands, ruling } = at;
  const who = ruling.policies.flatMap((one) =>
    one["freezers"] === undefined ? [] : [docOf(one["freezers"])],
  );
  const may = (id: number): boolean =>
    who.length === 0
      ? hasRole(scene.world, repo, id, "maintain")
      : who.some((one) => isAmong(scene.world, repo, id, one, null));
  let state: Answer = yes();
  for (const one of commands) {
    if (!may(one.by)) continue;
    if (one.word === "freeze" && inEnvironment(one, at))
      state =
        one.isDoubtful || /\b(?:from|as)\b/i.test(one.rest)
          ? unjudged("a freeze with times or names")
          : until(one.rest, scene.now);
    if (one.word === "unfreeze") state = inEnvironment(one, at) ? yes() : unjudged("an unfreeze");
  }
  for (const told of scene.told)
    if (told.repo === repo.id && /freeze/.test(told.kind) && state.word === "yes")
      state =
        told.environment === null || same(told.environment, deployment.environment)
          ? unjudged("a freeze that GitHub does not hold")
          : state;
  return state;
}

/** A name that is the default branch's means that branch: what only a tag of the same name holds is not on it. */
function isOnItsBranch({ scene, repo, deployment }: At): Answer {
  const tip = repo.refs.get(`refs/heads/${repo.defaultBranch}`);
  const name = deployment.ref.replace(/^refs\/(heads|tags)\//, "");
  return tip === undefined ||
    name !== repo.defaultBranch ||
    isAncestor(scene.world.git, deployment.sha, tip)
    ? yes()
    : no(`${deployment.sha.slice(0, 7)} is not on the branch ${name}`);
}

/** Whether a deployment may be let through: every active rule that speaks of it passes, and nothing holds it. */
export function judgeDeployment(scene: Scene, repo: Repo, deployment: Deployment): Answer {
  const ruling = rulingOf(scene, repo);
  if (!isRuling(ruling)) return ruling.why === "no policy governs" ? yes(ruling.why) : ruling;
  const commands = commandsOfRepo(scene.world, repo, isBare(ruling));
  const pulls = pullsOf(scene, repo, deployment);
  const at: At = { scene, repo, deployment, ruling, commands, pulls };
  const run = deployment.runId === null ? undefined : repo.runs.get(deployment.runId);
  const asked = {
    environment: deployment.environment,
    ref: deployment.ref,
    repository: repositoryNames(scene, repo),
    properties: repo.properties,
  };
  const isOverride = (one: Command): boolean => /^(?:override|emergency|confirm)$/.test(one.word);
  const answers = ruling.rules.map(({ rule, policy, isDoubtful }): Answer => {
    const gates = gatesOf(rule);
    if (enforcementOf(rule, policy) !== "active") return yes();
    if (gates !== undefined && !gates.includes("deployment")) return yes();
    const when = applies(docOf(rule["when"]), asked);
    if (when.word === "no") return yes();
    const met = judgeRequirement(at, policy, docOf(rule["require"]));
    if (met.word === "yes") return met;
    const name = String(rule["name"]);
    const mayPass =
      isDoubtful ||
      gates === undefined ||
      when.word === "unjudged" ||
      (ruling.policies.some((one) => listOf(one["overrides"]).length > 0) &&
        (commands.some(isOverride) || scene.told.some((one) => one.repo === repo.id))) ||
      commands.some((one) => one.word === "rollback") ||
      isRollback(scene, repo, deployment);
    return mayPass && met.word === "no"
      ? unjudged(`${name}: ${met.why}, or let through`)
      : { ...met, why: `${name}: ${met.why}` };
  });
  answers.push(unfrozenByPeople(at), isOnItsBranch(at));
  for (const one of commands)
    if (
      one.word === "reject" &&
      inEnvironment(one, at) &&
      one.at >= deployment.createdAt &&
      hasRole(scene.world, repo, one.by, "write") &&
      speaksOf(one, at) === "yes"
    )
      answers.push(no("rejected by a person"));
  if (
    [...pulls, ...mergedBelow(scene, repo, deployment)].some(
      (pull) =>
        holdOf(
          scene.world,
          repo,
          commands.filter((one) => one.number === pull.number),
        ) !== "free",
    )
  )
    answers.push(unjudged("a pull request of it is on hold"));
  if (run !== undefined && run.headRepoId !== repo.id) answers.push(no("code of a fork"));
  return all(answers);
}

/** A commit that ran there before takes another lane. */
const isRollback = (scene: Scene, repo: Repo, deployment: Deployment): boolean =>
  [...repo.deployments.values()].some(
    (one) =>
      one.id < deployment.id &&
      one.sha === deployment.sha &&
      same(one.environment, deployment.environment) &&
      hasSucceeded(scene, one),
  );
