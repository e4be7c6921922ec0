import { z } from "zod";
import type { Person } from "#core/model/actor.ts";
import { type CheckConclusion, checkConclusions, type CheckFact } from "#core/facts/checks.ts";
import { instant } from "./instant.ts";
import { fromGraphqlActor, fromRestUser, graphqlActor, restUser } from "./person.ts";

const statuses = ["queued", "in_progress", "completed", "waiting", "requested", "pending"] as const;

/** GraphQL writes the same words in capitals. */
export const checkStatus = z.string().transform((text, context): (typeof statuses)[number] => {
  const known = statuses.find((one) => one === text.toLowerCase());
  if (known !== undefined) return known;
  context.addIssue({ code: "custom", message: "not a check status" });
  return z.NEVER;
});

export const checkConclusion = z.string().transform((text, context): CheckConclusion => {
  const known = checkConclusions.find((one) => one === text.toLowerCase());
  if (known !== undefined) return known;
  context.addIssue({ code: "custom", message: "not a check conclusion" });
  return z.NEVER;
});

const statusState = z.string().transform((text, context) => {
  const known = (["error", "expected", "failure", "pending", "success"] as const).find(
    (one) => one === text.toLowerCase(),
  );
  if (known !== undefined) return known;
  context.addIssue({ code: "custom", message: "not a status state" });
  return z.NEVER;
});

/** A run is done when it is completed: a conclusion that stands on a run asked for again is the old one. */
function settled(
  state: CheckFact["status"],
  said: CheckConclusion | null | undefined,
): CheckConclusion | null {
  return state === "completed" ? (said ?? null) : null;
}

export const restCheckRun = z.object({
  id: z.number(),
  name: z.string(),
  status: checkStatus,
  conclusion: checkConclusion.nullish(),
  started_at: instant.nullish(),
  completed_at: instant.nullish(),
  html_url: z.string().nullish(),
  details_url: z.string().nullish(),
  external_id: z.string().nullish(),
  app: z.object({ id: z.number(), slug: z.string().nullish() }).nullish(),
  check_suite: z.object({ id: z.number() }).nullish(),
});

export function fromRestCheckRun(
  run: z.infer<typeof restCheckRun>,
  workflow: CheckFact["run"],
): CheckFact {
  return {
    id: run.id,
    kind: "check_run",
    name: run.name,
    app:
      run.app === null || run.app === undefined
        ? null
        : { id: run.app.id, slug: run.app.slug ?? "" },
    status: run.status,
    conclusion: settled(run.status, run.conclusion),
    startedAt: run.started_at ?? run.completed_at ?? 0,
    completedAt: run.completed_at ?? null,
    url: run.html_url ?? run.details_url ?? null,
    ...(run.check_suite === null || run.check_suite === undefined
      ? {}
      : { suite: run.check_suite.id }),
    run: workflow,
    externalId: run.external_id === "" ? null : (run.external_id ?? null),
  };
}

/** A commit status of REST's list, and of the `status` webhook. */
export const restStatus = z.object({
  id: z.number(),
  context: z.string(),
  state: statusState,
  target_url: z.string().nullish(),
  creator: restUser,
  created_at: instant,
});

/** GraphQL shows no number of a status. */
export const unnumbered = 0;

type FoldedStatus = Pick<CheckFact, "status" | "conclusion">;

function fold(state: z.infer<typeof statusState>): FoldedStatus {
  switch (state) {
    case "success":
      return { status: "completed", conclusion: "success" };
    case "error":
    case "failure":
      return { status: "completed", conclusion: "failure" };
    case "pending":
      return { status: "in_progress", conclusion: null };
    // Branch protection waits for it; nobody has reported it yet.
    case "expected":
      return { status: "queued", conclusion: null };
  }
}

/** The app behind a status is known by its bot; a status set by a person has none. */
function appOfCreator(creator: Person | null): CheckFact["app"] {
  return creator?.type === "Bot" ? { id: null, slug: creator.login.replace(/\[bot\]$/, "") } : null;
}

function statusFact(
  id: number,
  name: string,
  state: FoldedStatus,
  at: number,
  url: string | null,
  creator: Person | null,
): CheckFact {
  return {
    id,
    kind: "status",
    name,
    app: appOfCreator(creator),
    ...(creator === null ? {} : { creator }),
    ...state,
    startedAt: at,
    completedAt: state.status === "completed" ? at : null,
    url,
    run: null,
    externalId: null,
  };
}

export function fromRestStatus(row: z.infer<typeof restStatus>): CheckFact {
  return statusFact(
    row.id,
    row.context,
    fold(row.state),
    row.created_at,
    row.target_url ?? null,
    fromRestUser(row.creator),
  );
}

const graphqlCheckRun = z.object({
  __typename: z.literal("CheckRun"),
  databaseId: z.number(),
  name: z.string(),
  status: checkStatus,
  conclusion: checkConclusion.nullish(),
  startedAt: instant.nullish(),
  completedAt: instant.nullish(),
  detailsUrl: z.string().nullish(),
  externalId: z.string().nullish(),
  steps: z.object({ totalCount: z.number() }).nullish(),
  checkSuite: z.object({
    databaseId: z.number().nullish(),
    branch: z.object({ name: z.string(), prefix: z.string() }).nullish(),
    app: z.object({ databaseId: z.number(), slug: z.string() }).nullish(),
    workflowRun: z
      .object({
        databaseId: z.number(),
        event: z.string(),
        file: z.object({ path: z.string() }).nullish(),
      })
      .nullish(),
  }),
});

const graphqlStatus = z.object({
  __typename: z.literal("StatusContext"),
  context: z.string(),
  state: statusState,
  createdAt: instant,
  targetUrl: z.string().nullish(),
  creator: graphqlActor,
});

export const graphqlContext = z.discriminatedUnion("__typename", [graphqlCheckRun, graphqlStatus]);

export function fromGraphqlContext(row: z.infer<typeof graphqlContext>): CheckFact {
  if (row.__typename === "StatusContext") {
    return statusFact(
      unnumbered,
      row.context,
      fold(row.state),
      row.createdAt,
      row.targetUrl ?? null,
      fromGraphqlActor(row.creator),
    );
  }
  const { app, workflowRun, branch, databaseId } = row.checkSuite;
  return {
    id: row.databaseId,
    kind: "check_run",
    name: row.name,
    app: app === null || app === undefined ? null : { id: app.databaseId, slug: app.slug },
    status: row.status,
    conclusion: settled(row.status, row.conclusion),
    startedAt: row.startedAt ?? row.completedAt ?? 0,
    completedAt: row.completedAt ?? null,
    url: row.detailsUrl ?? null,
    ...(databaseId === null || databaseId === undefined ? {} : { suite: databaseId }),
    ...(row.steps === null || row.steps === undefined
      ? {}
      : { hasSteps: row.steps.totalCount > 0 }),
    run:
      workflowRun === null || workflowRun === undefined
        ? null
        : {
            id: workflowRun.databaseId,
            event: workflowRun.event,
            path: workflowRun.file?.path ?? null,
            ...(branch === null || branch === undefined
              ? {}
              : { ref: `${branch.prefix}${branch.name}` }),
          },
    externalId: row.externalId === "" ? null : (row.externalId ?? null),
  };
}
