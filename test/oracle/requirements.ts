import { pullRange } from "@gatehouse/github-simulator/world/diffs.ts";
import { isAncestor } from "@gatehouse/github-simulator/git/history.ts";
import { all, any, no, unjudged, yes, type Answer } from "./answer.ts";
import { judgeChecks } from "./checks.ts";
import { judgeCoverage, judgeFindings, judgeLicences } from "./evidence.ts";
import { judgeIncidents } from "./forward.ts";
import { docOf, isDoc, listOf, textsOf, type Doc } from "./doc.ts";
import { judgeReviews, type PullAt } from "./reviews.ts";
import { pathMatches } from "./scene.ts";
import { matchesText } from "./when.ts";

const is = (holds: boolean, why: string): Answer => (holds ? yes() : no(why));

/** Whether a pull request meets a requirement. `sha` is the commit whose checks count: the head, or a group's. */
export function judgePullRequirement(
  at: PullAt,
  require: Doc,
  sha: string,
  atTime: (key: string, params: unknown) => Answer,
): Answer {
  const [entry] = Object.entries(require);
  if (entry === undefined) return unjudged("a rule that requires nothing");
  const [key, raw] = entry;
  const params = docOf(raw);
  const { world, repo, pull, base } = at;
  const issue = repo.issues.get(pull.number);
  if (issue === undefined) return unjudged("no issue");
  const inner = (each: unknown): Answer => judgePullRequirement(at, docOf(each), sha, atTime);
  switch (key) {
    case "all":
      return all(listOf(raw).map(inner));
    case "any":
      return any(listOf(raw).map(inner));
    case "reviews":
      return judgeReviews(at, params);
    case "checks":
      return judgeChecks(
        {
          world,
          repo,
          sha,
          pull,
          baseSha: base.sha,
          branches: [pull.headRef, ...groupBranches(at, sha)],
        },
        params,
      );
    case "title":
      return matchesText(patternOf(raw), issue.title);
    case "body":
      return matchesText(patternOf(raw), (issue.body ?? "").replaceAll(/<!--[\s\S]*?-->/g, " "));
    case "branch_name":
      return matchesText(patternOf(raw), pull.headRef);
    case "labels":
      return judgeLabels(
        issue.labels.map((one) => one.name.toLowerCase()),
        params,
      );
    case "size":
      return judgeSize(at, params);
    case "commits":
      return judgeCommits(at, params);
    case "up_to_date":
      // A group's own commit is what goes in: its members need not be on the tip, that is what the queue is for.
      return is(isAncestor(world.git, base.sha, sha), "behind the base");
    case "ticket":
      return judgeTicket(at, params, issue.title, issue.body ?? "");
    case "coverage":
      return judgeCoverage({ world, repo, base: base.sha }, sha, params);
    case "findings":
      return judgeFindings({ world, repo, numbers: [pull.number] }, sha, params);
    case "licenses":
      return judgeLicences(repo, base.sha, sha, params);
    case "window":
    case "not_frozen":
    case "tests":
      return atTime(key, raw);
    case "no_incident":
      return judgeIncidents(repo, params);
    case "workflows":
      return pullRange(world, repo, pull).files.some(({ path, previous }) =>
        [path, previous ?? ""].some((name) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(name)),
      )
        ? unjudged("a workflow that changes")
        : yes();
    default:
      return unjudged(key);
  }
}

const patternOf = (raw: unknown): string => (isDoc(raw) ? String(raw["pattern"]) : String(raw));

/** A group's own branch: pushes to it are runs of its commit. */
const groupBranches = ({ repo }: PullAt, sha: string): readonly string[] =>
  [...repo.refs].flatMap(([ref, at]) =>
    at === sha && ref.startsWith("refs/heads/gh-readonly-queue/") ? [ref.slice(11)] : [],
  );

function judgeLabels(labels: readonly string[], params: Doc): Answer {
  const names = (key: string): readonly string[] =>
    textsOf(params[key]).map((one) => one.toLowerCase());
  const has = (name: string): boolean => labels.includes(name);
  return all([
    ...names("all").map((name) => is(has(name), `label ${name} is missing`)),
    ...names("none").map((name) => is(!has(name), `label ${name} is there`)),
    is(names("any").length === 0 || names("any").some(has), "none of the labels is there"),
  ]);
}

function judgeSize(at: PullAt, params: Doc): Answer {
  const ignored = textsOf(params["ignore"]);
  const isIgnored = (path: string): boolean => ignored.some((glob) => pathMatches(glob, path));
  const files = pullRange(at.world, at.repo, at.pull).files.filter(
    ({ path, previous }) => !(isIgnored(path) && (previous === null || isIgnored(previous))),
  );
  const lines = files.reduce((sum, one) => sum + one.additions + one.deletions, 0);
  const below = (key: string, found: number): Answer =>
    is(params[key] === undefined || found <= Number(params[key]), `${found} > ${key}`);
  return all([below("max_lines", lines), below("max_files", files.length)]);
}

function judgeCommits(at: PullAt, params: Doc): Answer {
  return all(
    pullRange(at.world, at.repo, at.pull).commits.flatMap((commit) => [
      is(params["signed"] !== true || commit.verified, "a commit is not signed"),
      is(
        params["signed_off"] !== true || /^Signed-off-by: .+<.+>/m.test(commit.message),
        "a commit is not signed off",
      ),
      is(params["linear"] !== true || commit.parents.length < 2, "a merge commit"),
      params["message"] === undefined
        ? yes()
        : matchesText(String(params["message"]), commit.message),
    ]),
  );
}

function judgeTicket(at: PullAt, params: Doc, title: string, body: string): Answer {
  const places =
    params["in"] === undefined ? ["title", "body", "branch", "commits"] : textsOf(params["in"]);
  const pattern = params["pattern"];
  if (pattern === undefined && params["linked_issue"] !== true) return unjudged("ticket");
  const text = (place: string): readonly string[] =>
    place === "title"
      ? [title]
      : place === "body"
        ? [body.replaceAll(/<!--[\s\S]*?-->/g, "")]
        : place === "branch"
          ? [at.pull.headRef]
          : pullRange(at.world, at.repo, at.pull).commits.map((one) => one.message);
  return any([
    ...(pattern === undefined
      ? []
      : places.map((place) => all(text(place).map((one) => matchesText(String(pattern), one))))),
    ...(params["linked_issue"] === true
      ? [is(at.pull.closingIssues.length > 0, "no linked issue")]
      : []),
  ]);
}
