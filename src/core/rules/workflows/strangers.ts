import { isMap, isScalar, isSeq, type Document } from "yaml";
import { keyOf, resolved } from "../pinned-actions/uses.ts";

/** Events by which a stranger's pull request starts a run that has this repository's rights and secrets. */
const strangers: ReadonlySet<string> = new Set([
  "pull_request_target",
  "workflow_run",
  "issue_comment",
  "pull_request_review_comment",
]);

/**
 * Whether a workflow may run on behalf of strangers; where `on` cannot be read, it may. `calledForThem`: a workflow that
 * runs for them calls it, or may.
 */
export function runsForStrangers(on: unknown, calledForThem: boolean, document: Document): boolean {
  const isTheirs = (event: unknown): boolean =>
    strangers.has(String(event)) || (calledForThem && event === "workflow_call");
  const node = resolved(on, document);
  if (isScalar(node)) return isTheirs(node.value);
  if (isSeq(node))
    return node.items.some((item) => {
      const each = resolved(item, document);
      return !isScalar(each) || isTheirs(each.value);
    });
  if (isMap(node)) return node.items.some((pair) => isTheirs(keyOf(pair.key, document)));
  return true;
}

/** Expressions that name the repository's own code. */
const own =
  /^\$\{\{\s*(?:github\.(?:ref|sha|ref_name|base_ref|repository|event\.repository\.(?:default_branch|full_name)|event\.pull_request\.base\.(?:ref|sha|repo\.full_name)))\s*\}\}$/;

/** A step of a workflow, as far as it may fetch code. */
export interface Step {
  readonly uses: string;
  readonly run: string;
  readonly inputs: Entries;
  /** The variables that its script sees: the workflow's, then the job's, then its own. */
  readonly environments: readonly Entries[];
}

export type Entries = readonly (readonly [key: string, value: string])[];

/** What a pull request brings, as expressions and refs name it. */
const heads =
  /refs\/pull\/|\bpull\/|github\.head_ref|GITHUB_HEAD_REF|pull_request\.(?:head|merge_commit_sha)|workflow_run\.head/i;

/** What a step or a job before made of it: nobody can follow that. */
const unfollowed = /\b(?:steps|needs)\.[\w-]+\.outputs\b/i;

/** `github['event']` is `github.event`. */
const dotted = (text: string): string => text.replace(/\[\s*["']([\w-]+)["']\s*\]/g, ".$1");

/**
 * Whether the step fetches a stranger's code: a checkout at a ref or repository that an expression names, unless it is
 * the base's, or at a pull request's ref; or a script that does the same by hand. An expression that nobody can follow
 * counts.
 */
export function isUntrustedCheckout({ uses, run, inputs, environments }: Step): boolean {
  if (/^actions\/checkout(?:@|$)/i.test(uses))
    return inputs.some(
      ([key, value]) =>
        /^(?:ref|repository)$/i.test(key) &&
        (/refs\/pull\//.test(value) || (value.includes("${{") && !own.test(value.trim()))),
    );
  const script = dotted(run);
  if (/\bgh\s+pr\s+checkout\b/.test(script)) return true;
  if (/\bgh\s+pr\s+diff\b/.test(script) && /\b(?:apply|am|patch)\b/.test(script)) return true;
  const brings = (what: RegExp): boolean =>
    what.test(script) || namesOneOf(variablesWith(what, environments), script);
  return (
    (fetches.test(script) && brings(heads)) || (getsCommits.test(script) && brings(unfollowed))
  );
}

/** Git, or an address under which GitHub hands out files. */
const fetches =
  /\bgit\b|\bgh\s+repo\s+(?:clone|sync)\b|\b(?:archive|tarball|zipball)\b|codeload\.github|raw\.githubusercontent|\/contents\//;

/** Git where it takes commits from elsewhere, or goes to them. */
const getsCommits =
  /\bgit\b[^\n]*\b(?:fetch|checkout|clone|pull|switch|reset|merge|worktree)\b|\bgh\s+repo\s+clone\b/;

/** Whether a called workflow is given what a pull request brings: what it does with it cannot be told from here. */
export const isGivenHead = (inputs: Entries, environments: readonly Entries[]): boolean => {
  const theirs = variablesWith(heads, environments);
  return inputs.some(([, value]) => heads.test(dotted(value)) || namesOneOf(theirs, dotted(value)));
};

/** Variables that hold such a thing. A later scope's value takes the place of an earlier one of the same spelling. */
function variablesWith(what: RegExp, environments: readonly Entries[]): ReadonlySet<string> {
  let names: ReadonlySet<string> = new Set();
  for (const entries of environments) {
    const outer = names;
    const inner = new Set(outer);
    for (const [key, raw] of entries) {
      const value = dotted(raw);
      if (what.test(value) || namesOneOf(outer, value)) inner.add(key);
      else inner.delete(key);
    }
    names = inner;
  }
  return names;
}

/** As a shell, an expression or a script names a variable: `$A`, `${A}`, `%A%`, `!A!`, `$env:A`, `printenv A`, `env.A`, `getenv("A")`. */
const mentions =
  /(?:\$\{?(?:env:)?|%|!|\bprintenv\s+|\benviron\.(?!get\b)|\b(?:getenv|environ\.get)\(\s*["'])(\w+)|\benv\.([\w-]+)/gi;

/** Some shells and all expressions mind no case: whatever reads like one of the names is taken for it. */
function namesOneOf(names: ReadonlySet<string>, text: string): boolean {
  if (names.size === 0) return false;
  const lower = new Set([...names].map((name) => name.toLowerCase()));
  return [...text.matchAll(mentions)].some(([, variable, inExpression]) =>
    lower.has((variable ?? inExpression ?? "").toLowerCase()),
  );
}
