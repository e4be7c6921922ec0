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
  /** The variables that its script sees: the workflow's, then the job's, then what steps before exported, then its own. */
  readonly environments: readonly Entries[];
}

export type Entries = readonly (readonly [key: string, value: string])[];

/** The name of any variable: a whole mapping that an expression makes, or a file that a script exports. */
export const anyName = "*";

/** What a pull request brings, as expressions and refs name it. */
const heads =
  /refs\/pull\/|\bpull\/|github\.head_ref|GITHUB_HEAD_REF|pull_request\.(?:head|merge_commit_sha|\*)|workflow_run\.(?:head|\*)/i;

/** The same as the command line asks GitHub for it. */
const askedHeads = /\bheadRef(?:Oid|Name)\b|\bheadRepository|\bhead\.(?:sha|ref|label|repo)\b/i;

/** What a step, a job, a caller or a matrix made of it: nobody can follow that. */
const unfollowed =
  /\b(?:steps|needs)\.[\w-]+\.outputs\b|\binputs\.[\w-]+|\bmatrix\.[\w-]+|\b(?:fromJSON|toJSON)\s*\(/i;

/** `github['event']` is `github.event`; a line that goes on is one. */
const dotted = (text: string): string =>
  text.replace(/\\\r?\n\s*/g, " ").replace(/\[\s*["']([\w-]+)["']\s*\]/g, ".$1");

/** Inputs by which actions are told where code comes from. */
const namesCode = /^(?:ref|repo(?:sitory)?|branch|commit-?ish|revision|(?:git|head)[-_]?ref)$/i;

const isExpression = (value: string): boolean => value.includes("${{");

/**
 * Whether the step fetches a stranger's code: a checkout at a ref or repository that an expression names, unless it is
 * the base's, or at a pull request's ref; an action that is given what a pull request brings; or a script that fetches it
 * by hand. An expression that nobody can follow counts.
 */
export function isUntrustedCheckout({ uses, run, inputs, environments }: Step): boolean {
  if (isScriptUntrusted(run, environments)) return true;
  if (uses === "") return false;
  if (/^actions\/checkout(?:@|$)/i.test(uses))
    return inputs.some(
      ([key, value]) =>
        (key === anyName || /^(?:ref|repository)$/i.test(key)) &&
        (heads.test(dotted(value)) || (isExpression(value) && !own.test(value.trim()))),
    );
  if (/^actions\/github-script(?:@|$)/i.test(uses))
    return inputs.some(
      ([key, value]) =>
        (key === anyName && isExpression(value)) || isScriptUntrusted(value, environments),
    );
  // A file of this repository does with it what it likes; of others only what names code is taken for a checkout.
  const given = (entries: Entries): boolean => isGivenHead(entries, environments);
  return /^\.\//.test(uses)
    ? given(inputs) || given(environments.at(-1) ?? [])
    : given(inputs.filter(([key]) => key === anyName || namesCode.test(key)));
}

function isScriptUntrusted(text: string, environments: readonly Entries[]): boolean {
  if (text === "") return false;
  const script = dotted(text);
  if (/\bgh\b[^\n;|&]*\bpr\b[^\n;|&]*\b(?:checkout|co)\b|\bgh\s+co\b/.test(script)) return true;
  if (/\bhub\s+(?:pr\s+)?checkout\b/.test(script)) return true;
  if (/\bgh\b[^\n;|&]*\bpr\s+diff\b/.test(script) && /\b(?:apply|am|patch)\b/.test(script))
    return true;
  const brings = (what: RegExp): boolean => bringsOf(what, script, environments);
  return (
    (fetches.test(script) && brings(heads)) ||
    (getsCommits.test(script) && (brings(unfollowed) || askedHeads.test(script)))
  );
}

const bringsOf = (what: RegExp, script: string, environments: readonly Entries[]): boolean =>
  what.test(script) || namesOneOf(variablesWith(what, environments), script);

/** Git, or an address under which GitHub hands out files. */
const fetches =
  /\bgit\b|\bgh\s+repo\s+(?:clone|sync)\b|\b(?:archive|tarball|zipball)\b|codeload\.github|raw\.githubusercontent|\/contents\/|\b(?:repos\.getContent|getBlob|download(?:Tar|Zip)ballArchive)\b|\b(?:curl|wget|npm|npx|pnpm|yarn|go|pip3?|uv|cargo|docker)\b[^\n]*\bgithub(?:\.com\b|:)/;

/** Git where it takes commits from elsewhere, or goes to them. */
const getsCommits =
  /\bgit\b[^\n]*\b(?:fetch|checkout|clone|pull|switch|reset|merge|worktree|restore|cherry-pick|rebase|read-tree|archive)\b|\bgh\s+repo\s+clone\b/;

/** Whether something is given what a pull request brings: what it does with it cannot be told from here. */
export const isGivenHead = (inputs: Entries, environments: readonly Entries[]): boolean => {
  const theirs = variablesWith(heads, environments);
  const hidden = variablesWith(unfollowed, environments);
  return inputs.some(([key, raw]) => {
    const value = dotted(raw);
    if (heads.test(value) || namesOneOf(theirs, value)) return true;
    return (
      (key === anyName || namesCode.test(key)) &&
      isExpression(value) &&
      (unfollowed.test(value) || namesOneOf(hidden, value))
    );
  });
};

/** `$GITHUB_ENV`, or how an action's script does the same. */
const exports = /\bGITHUB_ENV\b|\bexportVariable\b/;
const assigned = /(?:^|["'\s])([A-Za-z_]\w*)(?:=|<<)|\bexportVariable\(\s*["'`](\w+)/g;

/**
 * What later steps of the job see of a script that exports variables: those that it assigns, with what it makes them of.
 * Where no name shows, any variable may be one.
 */
export function exportedBy({ run, inputs, environments }: Step): Entries {
  const script = dotted(
    [run, ...inputs.flatMap(([key, value]) => (/^script$/i.test(key) ? [value] : []))].join("\n"),
  );
  if (!exports.test(script)) return [];
  const isTheirs = bringsOf(heads, script, environments) || askedHeads.test(script);
  if (!isTheirs && !bringsOf(unfollowed, script, environments)) return [];
  const value = isTheirs ? "github.head_ref" : "steps.before.outputs.value";
  const names = [...script.matchAll(assigned)].map(([, name, exported]) => name ?? exported ?? "");
  return names.length === 0 ? [[anyName, value]] : names.map((name) => [name, value] as const);
}

/** Variables that hold such a thing. A later scope's value takes the place of an earlier one of the same spelling. */
function variablesWith(what: RegExp, environments: readonly Entries[]): ReadonlySet<string> {
  let names: ReadonlySet<string> = new Set();
  for (const entries of environments) {
    const outer = names;
    const inner = new Set(outer);
    for (const [key, raw] of entries) {
      const value = dotted(raw);
      const isHidden = key === anyName && isExpression(value);
      if (isHidden || what.test(value) || namesOneOf(outer, value)) inner.add(key);
      else inner.delete(key);
    }
    names = inner;
  }
  return names;
}

/** As a shell, an expression or a script names a variable: `$A`, `${A}`, `%A%`, `!A!`, `$env:A`, `printenv A`, `env.A`, `getenv("A")`. */
const mentions =
  /(?:\$\{?(?:env:)?|%|!|\bprintenv\s+|\benviron\.(?!get\b)|\b(?:getenv|environ\.get)\(\s*["'])(\w+)|\benv\.([\w-]+)/gi;

/** Variables that every runner sets: none of them is the change's. */
const ofRunner = /^(?:GITHUB|RUNNER|ACTIONS)_|^(?:CI|HOME|PATH|PWD)$/i;

/** Some shells and all expressions mind no case: whatever reads like one of the names is taken for it. */
function namesOneOf(names: ReadonlySet<string>, text: string): boolean {
  if (names.size === 0) return false;
  const lower = new Set([...names].map((name) => name.toLowerCase()));
  return [...text.matchAll(mentions)].some(([, variable, inExpression]) => {
    const name = (variable ?? inExpression ?? "").toLowerCase();
    return lower.has(name) || (lower.has(anyName) && name !== "" && !ofRunner.test(name));
  });
}
