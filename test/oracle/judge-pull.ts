import { baseTip, pullRange } from "@gatehouse/github-simulator/world/diffs.ts";
import { accountOf } from "@gatehouse/github-simulator/world/accounts.ts";
import type { Pull } from "@gatehouse/github-simulator/world/pulls.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import { all, no, opposite, unjudged, yes, type Answer } from "./answer.ts";
import { commandsOn, holdOf } from "./acts.ts";
import { isOn, isOpenNow } from "./clock.ts";
import { docOf, listOf, textsOf, type Doc } from "./doc.ts";
import { overriddenRules } from "./overrides.ts";
import { kindOf } from "./agents.ts";
import { contributorsOf } from "./people.ts";
import { extended, organisationPolicy, repositoryPolicy } from "./policy.ts";
import { judgePullRequirement } from "./requirements.ts";
import type { PullAt } from "./reviews.ts";
import { pathMatches, type Scene } from "./scene.ts";
import { judgeTests } from "./tests.ts";
import { applies, type Asked } from "./when.ts";

/** The branch for whose rules GitHub holds a pull request: its stack's, else its own. */
export function baseOf(repo: Repo, pull: Pull): { readonly ref: string; readonly sha: string } {
  const ref = [...repo.stacks.values()].find((one) => one.pulls.includes(pull.number))?.base;
  if (ref === undefined) return { ref: pull.baseRef, sha: baseTip(repo, pull) };
  return { ref, sha: repo.refs.get(`refs/heads/${ref}`) ?? baseTip(repo, pull) };
}

const pullOnly = new Set(
  "reviews checks coverage findings licenses commits title body branch_name labels size up_to_date ticket separate pinned_actions tests workflows".split(
    " ",
  ),
);

/** At which gates a rule stands. */
export function gatesOf(rule: Doc): readonly string[] | undefined {
  if (rule["applies_to"] !== undefined) return textsOf(rule["applies_to"]);
  const keys = leaves(docOf(rule["require"]));
  const gates = new Set(keys.map((key) => (pullOnly.has(key) ? "pull_request" : "deployment")));
  return gates.size === 1 ? [...gates] : undefined;
}

const leaves = (require: Doc): readonly string[] =>
  Object.entries(require).flatMap(([key, value]) =>
    key === "all" || key === "any" ? listOf(value).flatMap((one) => leaves(docOf(one))) : [key],
  );

export interface Ruling {
  readonly policies: readonly Doc[];
  /** Each rule with the policy whose windows and freezes it speaks of, and what it may be against. */
  readonly rules: readonly {
    readonly rule: Doc;
    readonly policy: Doc;
    readonly isDoubtful: boolean;
  }[];
}

/** The rules of organisation and repository together; a word instead where there is nothing to judge by. */
export function rulingOf(scene: Scene, repo: Repo): Ruling | Answer {
  const own = repositoryPolicy(scene, repo);
  const org = organisationPolicy(scene, repo);
  for (const one of [own, org]) if (one.kind === "never") return no(one.why);
  for (const one of [own, org]) if (one.kind === "doubtful") return unjudged(one.why);
  const docs = [org, own].flatMap((one) => (one.kind === "doc" ? [one.doc] : []));
  if (docs.length === 0)
    return own.kind === "retired" || org.kind === "retired"
      ? yes("retired")
      : no("no policy governs");
  const read = docs.map(extended);
  if (read.some((one) => one === undefined)) return unjudged("a policy that extends another");
  const policies = read.filter((one) => one !== undefined);
  const fromOrg = org.kind === "doc" ? listOf(policies[0]?.["rules"]).map(docOf) : [];
  const rules = policies.flatMap((policy, index) =>
    listOf(policy["rules"])
      .map(docOf)
      .flatMap((rule) => {
        const above = fromOrg.find((one) => one["name"] === rule["name"]);
        const may = above?.["repositories_may"] ?? "nothing";
        const isOrg = org.kind === "doc" && index === 0;
        const below =
          isOrg && own.kind === "doc"
            ? listOf(policies[1]?.["rules"]).some((one) => docOf(one)["name"] === rule["name"])
            : false;
        if (isOrg && may === "override" && below) return [];
        if (!isOrg && above !== undefined && may === "nothing") return [];
        return [{ rule, policy, isDoubtful: !isOrg && above !== undefined && may === "tighten" }];
      }),
  );
  return { policies, rules };
}

export const isRuling = (value: Ruling | Answer): value is Ruling => "rules" in value;

export const enforcementOf = (rule: Doc, policy: Doc): string =>
  String(rule["enforcement"] ?? policy["enforcement"] ?? "active");

export const repositoryNames = (scene: Scene, repo: Repo): readonly string[] => [
  repo.name,
  `${accountOf(scene.world, repo.ownerId).login}/${repo.name}`,
];

export const isBare = (ruling: Ruling): boolean =>
  ruling.policies.some((one) => docOf(one["commands"])["bare"] === true);

function askedOf(scene: Scene, at: PullAt): Asked {
  const { world, repo, pull, base } = at;
  const issue = repo.issues.get(pull.number);
  const { files } = pullRange(world, repo, pull);
  const { openers, others } = contributorsOf(world, repo, pull);
  return {
    base: base.ref,
    head: pull.headRef,
    paths: files.flatMap(({ path, previous }) => (previous === null ? [path] : [path, previous])),
    author: typeof issue?.authorId === "number" ? accountOf(world, issue.authorId).login : null,
    labels: issue?.labels.map((one) => one.name) ?? [],
    title: issue?.title ?? "",
    lines: files.reduce((sum, one) => sum + one.additions + one.deletions, 0),
    kinds: [...openers, ...others].map((id) => kindOf(world, id)),
    contributors: [...openers, ...others].map((id) => accountOf(world, id).login),
    draft: pull.draft,
    fork: pull.headRepoId !== repo.id,
    repository: repositoryNames(scene, repo),
    properties: repo.properties,
  };
}

/** Whether the freezes of a policy leave a pull request alone. */
function unfrozen(at: PullAt, policy: Doc, names: unknown, now: number): Answer {
  const wanted = names === true ? undefined : textsOf(names);
  const paths = pullRange(at.world, at.repo, at.pull).files.map((one) => one.path);
  return all(
    listOf(policy["freezes"])
      .map(docOf)
      .filter((freeze) => wanted === undefined || wanted.includes(String(freeze["name"])))
      .filter(
        (freeze) =>
          freeze["branches"] === undefined ||
          textsOf(freeze["branches"]).some((glob) => pathMatches(glob, at.base.ref)),
      )
      .filter(
        (freeze) =>
          freeze["paths"] === undefined ||
          textsOf(freeze["paths"]).some((glob) => paths.some((path) => pathMatches(glob, path))),
      )
      .map((freeze) => {
        const on = isOn(freeze, now);
        const isNarrow = ["environments", "repositories", "labels", "exempt"].some(
          (key) => freeze[key] !== undefined,
        );
        return on.word === "yes" && isNarrow ? unjudged("a narrow freeze") : opposite(on);
      }),
  );
}

/** Whether one pull request may be green: every active rule passes, or is overridden, and nobody holds it. */
export function judgePull(scene: Scene, repo: Repo, pull: Pull, sha = pull.headSha): Answer {
  const { world } = scene;
  const ruling = rulingOf(scene, repo);
  if (!isRuling(ruling)) return ruling;
  const at: PullAt = { world, repo, pull, base: baseOf(repo, pull) };
  const issue = repo.issues.get(pull.number);
  if (issue === undefined) return unjudged("no issue");
  const commands = commandsOn(world, issue, pull, isBare(ruling));
  const held = holdOf(world, repo, commands);
  const asked = askedOf(scene, at);
  const overridden = overriddenRules(scene, ruling, at, commands);
  const answers = ruling.rules.map(({ rule, policy, isDoubtful }): Answer => {
    const gates = gatesOf(rule);
    if (enforcementOf(rule, policy) !== "active") return yes();
    if (gates !== undefined && !gates.includes("pull_request")) return yes();
    const when = applies(docOf(rule["when"]), asked);
    if (when.word === "no") return yes();
    const met = judgePullRequirement(at, docOf(rule["require"]), sha, (key, params) =>
      key === "window"
        ? isOpenNow(policy, textsOf(params), scene.now)
        : key === "tests"
          ? judgeTests(ruling.policies, repo, sha, docOf(params))
          : all(ruling.policies.map((one) => unfrozen(at, one, params, scene.now))),
    );
    const name = String(rule["name"]);
    if (met.word === "yes") return met;
    const over = overridden(name);
    if (over === "yes") return yes();
    if (over === "unjudged" || gates === undefined || when.word === "unjudged")
      return unjudged(`${name}: ${met.why} ${when.why}`);
    if (isDoubtful) return unjudged(`${name}: against the organisation's of that name`);
    return { ...met, why: `${name}: ${met.why}` };
  });
  // As Prow and others write it; whoever may label may hold.
  if (issue.labels.some((one) => /^do-not-merge(?:\/|$)/i.test(one.name)))
    answers.push(no("a label holds it"));
  if (held === "held") answers.push(no("on hold"));
  if (held === "doubtful") answers.push(unjudged("perhaps on hold"));
  return all(answers);
}
