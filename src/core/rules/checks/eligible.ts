import type { CheckFact } from "../../facts/checks.ts";
import type { ChecksParams } from "./params.ts";
import { appId } from "./params.ts";

/** Why a check of the right name does not count, or null where it may. `changed`: names of changed files. */
export function whyIgnored(
  check: CheckFact,
  params: ChecksParams,
  changed: ReadonlySet<string>,
): string | null {
  if (params.app !== undefined && !isOfApp(check, params.app)) return `from ${reporter(check)}`;
  const path = check.run?.path ?? null;
  if (params.workflow !== undefined && (path === null || !isWorkflow(path, params.workflow))) {
    return path === null ? "from no workflow" : `from ${workflowFile(path)}`;
  }
  if (params.trusted) {
    if (path === null) return "from no workflow";
    if (changed.has(workflowFile(path))) return `from ${workflowFile(path)}, which is changed here`;
  }
  return null;
}

/** The app that must report, in words. */
export function pinnedApp(app: ChecksParams["app"]): string | null {
  if (app === undefined) return null;
  const id = appId(app);
  return id === null ? String(app) : `app ${id}`;
}

export const reporter = (check: CheckFact): string => check.app?.slug ?? "a person";

function isOfApp(check: CheckFact, app: string | number): boolean {
  if (check.app === null) return false;
  const id = appId(app);
  return id === null
    ? check.app.slug.toLowerCase() === String(app).toLowerCase()
    : check.app.id === id;
}

/** GitHub adds the ref to the path of some runs. */
const workflowFile = (path: string): string => path.split("@", 1)[0] ?? path;

function isWorkflow(path: string, wanted: string): boolean {
  const file = wanted.includes("/") ? wanted.replace(/^\.?\//u, "") : `.github/workflows/${wanted}`;
  return workflowFile(path) === file;
}
