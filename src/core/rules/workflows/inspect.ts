import { isMap, isScalar, isSeq, visit, type Document, type YAMLMap } from "yaml";
import { matchesAnyName } from "#core/formats/glob.ts";
import type { Annotation } from "#core/model/evidence.ts";
import { quoted } from "#core/text/phrases.ts";
import { keyOf, mapAt, openWorkflow, resolved, valueOf } from "../pinned-actions/uses.ts";
import {
  anyName,
  type Entries,
  exportedBy,
  isGivenHead,
  isUntrustedCheckout,
  runsForStrangers,
  type Step,
} from "./strangers.ts";
import type { WorkflowsParams } from "./params.ts";

interface Problem {
  readonly line: number;
  readonly title: string;
  readonly message: string;
}

/**
 * What of a workflow does not keep to the rule, at its lines. The text comes from the change: hostile. What cannot be
 * read or told is a problem, never a file that keeps to it. `calledForStrangers`: a workflow that runs for strangers calls
 * it, or may.
 */
export function inspectWorkflow(
  path: string,
  text: string,
  params: WorkflowsParams,
  calledForStrangers: boolean,
): readonly Annotation[] {
  const opened = openWorkflow(text);
  const problems = opened.ok
    ? problemsOf(params, calledForStrangers, opened.document, (node) => lineOf(node, opened.lines))
    : [
        {
          line: opened.line,
          title: "Cannot be checked",
          message: `${opened.problem}. What it does could not be checked.`,
        },
      ];
  return problems.map(({ line, title, message }) => ({
    path,
    startLine: line,
    endLine: line,
    level: "failure",
    title,
    message,
  }));
}

/** Whether strangers may start it with this repository's rights; of what cannot be read, they may. */
export function isForStrangers(text: string): boolean {
  const opened = openWorkflow(text);
  if (!opened.ok) return true;
  const { document } = opened;
  return runsForStrangers(
    valueOf(mapAt(document.contents, document), "on", document),
    false,
    document,
  );
}

type LineOf = (node: unknown) => number;

function lineOf(
  node: unknown,
  lines: { readonly linePos: (offset: number) => { readonly line: number } },
): number {
  const range = isMap(node) || isSeq(node) || isScalar(node) ? node.range : undefined;
  return range === undefined || range === null ? 1 : Math.max(1, lines.linePos(range[0]).line);
}

function problemsOf(
  params: WorkflowsParams,
  calledForStrangers: boolean,
  document: Document,
  at: LineOf,
): readonly Problem[] {
  const { permissions, forbid, runners } = params;
  const root = mapAt(document.contents, document);
  const jobs = mapAt(valueOf(root, "jobs", document), document);
  if (root === null || jobs === null)
    return [{ line: 1, title: "Cannot be checked", message: "It has no jobs that can be read." }];
  const on = valueOf(root, "on", document);
  const forStrangers = runsForStrangers(on, calledForStrangers, document);
  const env = entriesOf(valueOf(root, "env", document), document);
  const top = valueOf(root, "permissions", document);
  const problems: Problem[] = forbid.includes("write_all") ? writeAll(top, document, at) : [];
  for (const pair of jobs.items) {
    const name = quoted(String(keyOf(pair.key, document)));
    const job = mapAt(pair.value, document);
    const where = at(pair.key);
    if (job === null) {
      problems.push({
        line: where,
        title: "Cannot be checked",
        message: `Job ${name} is no mapping.`,
      });
      continue;
    }
    const own = valueOf(job, "permissions", document);
    if (forbid.includes("write_all")) problems.push(...writeAll(own, document, at));
    if (permissions !== undefined)
      problems.push(...permissionProblems(permissions, own ?? top, name, where, document, at));
    const secrets = valueOf(job, "secrets", document);
    if (forbid.includes("secrets_inherit") && scalar(secrets, document) === "inherit")
      problems.push({
        line: at(secrets),
        title: "All secrets are handed on",
        message: `Job ${name} hands every secret to the workflow it calls. Name those it needs.`,
      });
    if (forbid.includes("untrusted_checkout") && forStrangers)
      problems.push(...checkouts(job, env, name, document, at));
    if (runners !== undefined)
      problems.push(...runnerProblems(runners, job, name, where, document, at));
  }
  return problems;
}

const scalar = (node: unknown, document: Document): unknown => {
  const target = resolved(node, document);
  return isScalar(target) ? target.value : undefined;
};

function writeAll(node: unknown, document: Document, at: LineOf): Problem[] {
  return scalar(node, document) === "write-all"
    ? [
        {
          line: at(node),
          title: "The token may write everything",
          message: "Name the permissions that are needed, one by one.",
        },
      ]
    : [];
}

function permissionProblems(
  asked: "declared" | "read",
  node: unknown,
  job: string,
  where: number,
  document: Document,
  at: LineOf,
): readonly Problem[] {
  const target = resolved(node, document);
  if (target === undefined || target === null || (isScalar(target) && target.value === null))
    return [
      {
        line: where,
        title: "Permissions are not declared",
        message: `Job ${job} runs with the token's default, which may write. Declare permissions for it or for the workflow.`,
      },
    ];
  if (asked === "declared") return [];
  if (isScalar(target) && target.value === "read-all") return [];
  const lines = isMap(target)
    ? target.items
        .filter((pair) => !["read", "none"].includes(String(scalar(pair.value, document))))
        .map((pair) => at(pair.key))
    : [at(node)];
  return lines.map((line) => ({
    line,
    title: "The token may write",
    message: `Job ${job} has a permission that is neither read nor none.`,
  }));
}

/** A mapping's entries; where an expression makes the whole of it, one of any name. */
function entriesOf(node: unknown, document: Document): Entries {
  const whole = scalar(node, document);
  if (typeof whole === "string" && whole.includes("${{")) return [[anyName, whole]];
  return (mapAt(node, document)?.items ?? []).map((pair) => [
    String(keyOf(pair.key, document)),
    String(scalar(pair.value, document) ?? ""),
  ]);
}

function checkouts(
  job: YAMLMap,
  env: Entries,
  name: string,
  document: Document,
  at: LineOf,
): readonly Problem[] {
  const container = mapAt(valueOf(job, "container", document), document);
  const ofJob = [container, job].flatMap((owner) =>
    entriesOf(valueOf(owner, "env", document), document),
  );
  const called = valueOf(job, "uses", document);
  if (
    called !== undefined &&
    isGivenHead(entriesOf(valueOf(job, "with", document), document), [env])
  )
    return [
      {
        line: at(called),
        title: "Strangers' code with this repository's rights",
        message: `Job ${name} gives a called workflow what a pull request brings, in a workflow that runs with the rights and secrets of this repository. Use pull_request, or let it work on the base.`,
      },
    ];
  const steps = resolved(valueOf(job, "steps", document), document);
  if (!isSeq(steps)) return [];
  let exported: Entries = [];
  return steps.items.flatMap((item): readonly Problem[] => {
    const step = mapAt(item, document);
    if (step === null) return [];
    const uses = scalar(valueOf(step, "uses", document), document);
    const run = scalar(valueOf(step, "run", document), document);
    const seen: Step = {
      uses: typeof uses === "string" ? uses : "",
      run: typeof run === "string" ? run : "",
      inputs: entriesOf(valueOf(step, "with", document), document),
      environments: [env, ofJob, exported, entriesOf(valueOf(step, "env", document), document)],
    };
    exported = [...exported, ...exportedBy(seen)];
    return isUntrustedCheckout(seen)
      ? [
          {
            line: at(item),
            title: "Strangers' code with this repository's rights",
            message: `Job ${name} checks out what a pull request brings, in a workflow that runs with the rights and secrets of this repository. Use pull_request, or check out the base.`,
          },
        ]
      : [];
  });
}

function runnerProblems(
  allowed: readonly string[],
  job: YAMLMap,
  name: string,
  where: number,
  document: Document,
  at: LineOf,
): readonly Problem[] {
  const node = valueOf(job, "runs-on", document);
  const uses = scalar(valueOf(job, "uses", document), document);
  // A called file of this repository is checked where it is changed; one of another chooses its machines unseen.
  if (typeof uses === "string")
    return uses.startsWith("./")
      ? []
      : [
          {
            line: where,
            title: "Runners cannot be told",
            message: `Job ${name} calls a workflow of another repository, which chooses the machines.`,
          },
        ];
  const labels: string[] = [];
  visitScalars(node, document, (value) => labels.push(value));
  const line = node === undefined ? where : at(node);
  if (labels.length === 0)
    return [{ line, title: "Runners cannot be told", message: `Job ${name} names no runner.` }];
  return labels
    .filter((label) => label.includes("${{") || !matchesAnyName(allowed, label))
    .map((label) => ({
      line,
      title: label.includes("${{") ? "Runners cannot be told" : "Runner is not allowed",
      message: `Job ${name} runs on ${quoted(label, 100)}, which ${label.includes("${{") ? "an expression chooses" : "is not among the runners that are allowed"}.`,
    }));
}

/** A label, a list of them, or `{group, labels}`. */
function visitScalars(node: unknown, document: Document, take: (value: string) => void): void {
  const target = resolved(node, document);
  if (isScalar(target)) take(String(target.value));
  else if (isSeq(target) || isMap(target))
    visit(target, {
      Scalar: (key, { value }) => {
        if (key !== "key") take(String(value));
      },
      Alias: (_key, alias) => {
        const meant = alias.resolve(document);
        if (isScalar(meant)) take(String(meant.value));
        else take("${{ an alias }}");
      },
    });
}
