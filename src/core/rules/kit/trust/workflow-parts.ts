import { unnamedWorkflow, workflowFile } from "#core/facts/workflows.ts";
import { baseFile, headFile } from "#core/facts/pull-request.ts";
import type { Ask } from "#core/facts/ask.ts";
import { usesOf } from "#core/rules/pinned-actions/uses.ts";
import { isScript, resolvePath, runsScript } from "./local-paths.ts";

/** Whether a change touches anything of its own repository that a workflow is made of. */
export type WorkflowPart =
  | { readonly kind: "unchanged" }
  | { readonly kind: "changed"; readonly by: string }
  | { readonly kind: "unknown"; readonly why: string };

/** By the path of the workflow, as GitHub tells it. */
export type PartsOfWorkflow = ReadonlyMap<string, WorkflowPart>;

/** Far beyond any workflow that a person writes; beyond it nothing is claimed. */
const mostFiles = 100;

/** `undefined` while a file has not been read. `changed`: names of changed files. */
export function partsChanged(
  workflows: readonly string[],
  changed: ReadonlySet<string>,
  ask: Ask,
): PartsOfWorkflow | undefined {
  const parts = [...new Set(workflows)].map(
    (path) => [path, partOf(workflowFile(path), changed, ask)] as const,
  );
  const read = parts.flatMap(([path, part]) => (part === undefined ? [] : [[path, part] as const]));
  return read.length < parts.length ? undefined : new Map(read);
}

/** Why a check of this workflow is not trusted, as a phrase after "one"; null if the change does not touch the workflow. */
export function whyUntrusted(
  path: string | null | undefined,
  parts: PartsOfWorkflow,
): string | null {
  if (path === null || path === undefined) return null;
  const part = parts.get(path);
  if (part?.kind === "changed") return describeChange(workflowFile(path), part.by);
  return part?.kind === "unknown" ? `from ${workflowFile(path)}: ${part.why}` : null;
}

const describeChange = (workflow: string, by: string): string =>
  by === workflow
    ? `from ${workflow}, which is changed here`
    : `from ${workflow}, which uses ${by}, which is changed here`;

/**
 * A workflow is what its file says and all that it uses of the repository, to any depth: reusable workflows, local
 * actions with everything in their folders, what its steps name of the repository. What runs is the base's version of
 * such a file (a pull request is tested merged) or the head's (a push): both are followed. They cannot lie without being
 * among the changed files.
 */
function partOf(
  workflow: string,
  changed: ReadonlySet<string>,
  ask: Ask,
): WorkflowPart | undefined {
  if (workflow === unnamedWorkflow || changed.has(workflow))
    return { kind: "changed", by: workflow };
  if (changed.size === 0) return { kind: "unchanged" };
  const queue: string[] = [workflow];
  const seen = new Set(queue);
  let isReading = false;
  let unclear: string | null = null;
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (seen.size > mostFiles)
      return { kind: "unknown", why: `it uses more than ${mostFiles} files` };
    const isFile = /\.ya?ml$/iu.test(path);
    const inside = isFile ? (changed.has(path) ? path : null) : inFolder(path, changed);
    if (inside !== null) return { kind: "changed", by: inside };
    const texts = isFile ? textsOf(path, ask) : actionTexts(path, ask);
    if (texts === undefined) {
      isReading = true;
      continue;
    }
    if (texts.length === 0 && path === workflow) return withoutFile(workflow, changed, ask);
    if (texts.length === 0) unclear ??= `${path} is not there`;
    for (const text of texts) {
      const found = followed(path, text, changed);
      if (found.changed !== null) return { kind: "changed", by: found.changed };
      unclear ??= found.unclear;
      for (const used of found.used) {
        if (seen.has(used)) continue;
        seen.add(used);
        queue.push(used);
      }
    }
  }
  if (isReading) return undefined;
  return unclear === null ? { kind: "unchanged" } : { kind: "unknown", why: unclear };
}

interface Followed {
  readonly changed: string | null;
  readonly unclear: string | null;
  /** Files and folders of the repository that it uses. */
  readonly used: readonly string[];
}

/** One text, read. `path`: the workflow's file, or the action's folder. */
function followed(path: string, text: string, changed: ReadonlySet<string>): Followed {
  const file = usesOf(text);
  if (!file.ok) return { changed: null, unclear: `${path}: ${file.problem}`, used: [] };
  const script = runsScript(file.scripts, changed);
  if (script?.kind === "changed") return { changed: script.by, unclear: null, used: [] };
  let unclear: string | null =
    script === null ? null : `${path} starts ${script.word}, of which the file does not say all`;
  for (const entry of file.entries.filter((one) => one.includes(".."))) {
    // An action may start a file outside its folder.
    const outside = resolvePath(path, entry);
    if (outside === null) unclear ??= `${path} starts ${entry}, which leads out of the repository`;
    const hit =
      outside === null ? null : inFolder(outside.split("/").slice(0, -1).join("/"), changed);
    if (hit !== null) return { changed: hit, unclear: null, used: [] };
  }
  const used: string[] = [];
  for (const { value } of file.uses) {
    const text = value?.trim();
    if (text === undefined) unclear ??= `${path} uses something that is no text`;
    else if (/^\.{1,2}(?:\/|$)/u.test(text)) {
      const resolved = resolvePath("", text);
      if (resolved === null) unclear ??= `${path} uses ${text}, which leads out of the repository`;
      else used.push(resolved);
    }
  }
  return { changed: null, unclear, used };
}

/** A changed file in that folder; "" is the whole repository. */
function inFolder(folder: string, changed: ReadonlySet<string>): string | null {
  for (const path of changed) if (folder === "" || path.startsWith(`${folder}/`)) return path;
  return null;
}

/** The base's and the head's text of a file, as far as it is there. */
function textsOf(path: string, ask: Ask): readonly string[] | undefined {
  const texts = [ask(baseFile.need(path)), ask(headFile.need(path))];
  if (texts.includes(undefined)) return undefined;
  return [...new Set(texts.filter((text) => typeof text === "string"))];
}

function actionTexts(folder: string, ask: Ask): readonly string[] | undefined {
  const place = folder === "" ? "" : `${folder}/`;
  const first = textsOf(`${place}action.yml`, ask);
  return first?.length === 0 ? textsOf(`${place}action.yaml`, ask) : first;
}

/** Folders asked about for a workflow whose file is gone. */
const mostFolders = 20;

/**
 * A workflow whose file stands in neither end: what it used cannot be told. But a changed file that lies in no action's
 * folder, is no workflow and no script is no part of any workflow.
 */
function withoutFile(
  workflow: string,
  changed: ReadonlySet<string>,
  ask: Ask,
): WorkflowPart | undefined {
  const unknown = { kind: "unknown", why: `${workflow} is not there` } as const;
  const folders = new Set<string>();
  for (const path of changed) {
    if (path.startsWith(".github/") || isScript(path)) return unknown;
    const parts = path.split("/");
    for (let depth = 0; depth < parts.length; depth += 1)
      folders.add(parts.slice(0, depth).join("/"));
  }
  if (folders.size > mostFolders) return unknown;
  const actions = [...folders].map((folder) => actionTexts(folder, ask));
  if (actions.some((texts) => texts !== undefined && texts.length > 0)) return unknown;
  return actions.includes(undefined) ? undefined : { kind: "unchanged" };
}
