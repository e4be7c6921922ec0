import type { CheckFact } from "#core/facts/checks.ts";
import { isWorkflowNamed, workflowFile } from "#core/facts/workflows.ts";
import { appId, type ChecksParams } from "./params.ts";

/** Why a check of the right name is not of the reporter that is asked for, or null where it is. */
export function whyIgnored(check: CheckFact, params: ChecksParams): string | null {
  if (params.app !== undefined && !isOfApp(check, params.app)) return `from ${reporter(check)}`;
  const path = check.run?.path ?? null;
  if (params.workflow !== undefined && (path === null || !isWorkflowNamed(params.workflow, path))) {
    return path === null ? "from no workflow" : `from ${workflowFile(path)}`;
  }
  return params.trusted && path === null ? "from no workflow" : null;
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
