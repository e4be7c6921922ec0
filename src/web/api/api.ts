import type { Context, Hono } from "hono";
import { asCsv } from "#core/report/as-csv.ts";
import { asJson } from "#core/report/as-json.ts";
import type { Clock } from "#core/ports/system.ts";
import { readReportFilter } from "#flow/pages/report-filter.ts";
import { readFilter } from "#flow/pages/filter.ts";
import type { PageFlows } from "#flow/pages/page-flows.ts";
import type { Viewer } from "#flow/pages/viewer.ts";
import type { PageEnv } from "../http/environment.ts";
import { notFound, signInFirst } from "../layout/refusals.tsx";
import { inPieces } from "../http/in-pieces.ts";
import { openapi } from "./openapi/openapi.ts";

type C = Context<PageEnv>;

const mostListed = 100;

const unusable = (c: C, field: string, message: string): Response =>
  c.json({ error: "invalid", problems: [{ field, message }] }, 422);

/** The same as the pages, as JSON. Instants are epoch milliseconds. */
export function addApi(site: Hono<PageEnv>, flows: PageFlows, clock: Clock): void {
  const answers = (show: (c: C, viewer: Viewer) => Promise<Response>) => (c: C) => {
    const viewer = c.get("viewer");
    return viewer === null ? Promise.resolve(signInFirst(c)) : show(c, viewer);
  };
  const found = (c: C, view: object | null): Response | Promise<Response> =>
    view === null ? notFound(c) : c.json(view);
  const named = (c: C): { readonly owner: string; readonly name: string } | null => {
    const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(c.req.query("repository") ?? "") ?? [];
    return owner === undefined || name === undefined ? null : { owner, name };
  };
  const whole = (c: C, name: string, fallback: number, most: number): number | null => {
    const text = c.req.query(name);
    if (text === undefined) return fallback;
    return /^\d{1,15}$/.test(text) && Number(text) >= 1 && Number(text) <= most
      ? Number(text)
      : null;
  };
  const inRepository = "write it as repository=owner/name";

  site.get("/api/v1/openapi.json", (c) => {
    c.header("cache-control", "public, max-age=300");
    return c.json(openapi(c.get("origin")));
  });

  site.get(
    "/api/v1/waiting",
    answers(async (c, viewer) => {
      const { filter, problems } = readFilter(new URL(c.req.url).searchParams);
      const list = problems.length > 0 ? null : await flows.waiting(viewer, filter);
      const wrong = [...problems, ...(list?.problems ?? [])];
      return wrong.length > 0 || list === null
        ? c.json({ error: "invalid", problems: wrong }, 422)
        : c.json({ waiting: list.waiting, more: list.isCut });
    }),
  );

  site.get(
    "/api/v1/decisions",
    answers(async (c, viewer) => {
      const repository = named(c);
      if (repository === null) return unusable(c, "repository", inRepository);
      const limit = whole(c, "limit", 30, mostListed);
      if (limit === null) return unusable(c, "limit", `a whole number from 1 to ${mostListed}`);
      const before = whole(c, "before", Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
      if (before === null) return unusable(c, "before", "a number of the audit log");
      return found(c, await flows.decisions(viewer, { ...repository, before, limit }));
    }),
  );

  site.get(
    "/api/v1/decisions/:id",
    answers(async (c, viewer) =>
      found(
        c,
        await flows.decision(viewer, c.req.param("id") ?? "", {
          replays: c.req.query("replay") === "1",
        }),
      ),
    ),
  );

  site.get(
    "/api/v1/deployments",
    answers(async (c, viewer) => {
      const repository = named(c);
      if (repository === null) return unusable(c, "repository", inRepository);
      const environment = c.req.query("environment");
      return found(
        c,
        await flows.deployments(viewer, repository.owner, repository.name, environment),
      );
    }),
  );

  site.get(
    "/api/v1/report",
    answers(async (c, viewer) => {
      const query = new URL(c.req.url).searchParams;
      const format = query.get("format") ?? "json";
      query.delete("format");
      if (format !== "json" && format !== "csv")
        return unusable(c, "format", "is neither json nor csv");
      const { filter, problems } = readReportFilter(query, clock.now());
      const answer = problems.length > 0 ? null : await flows.report(viewer, filter);
      if (answer?.kind !== "report")
        return c.json({ error: "invalid", problems: answer?.problems ?? problems }, 422);
      return format === "csv"
        ? inPieces(asCsv(answer.report), {
            "content-type": "text/csv; charset=utf-8",
            "content-disposition": 'attachment; filename="gatehouse-report.csv"',
          })
        : inPieces(asJson(answer.report), { "content-type": "application/json" });
    }),
  );

  site.get(
    "/api/v1/freezes",
    answers(async (c, viewer) => c.json({ freezes: await flows.freezes(viewer) })),
  );

  site.get(
    "/api/v1/setup",
    answers(async (c, viewer) => c.json(await flows.setUp(viewer))),
  );

  site.get(
    "/api/v1/repositories/:owner/:repo",
    answers(async (c, viewer): Promise<Response> => {
      const { owner = "", repo = "" } = c.req.param() as Record<string, string>;
      return found(c, await flows.repository(viewer, owner, repo));
    }),
  );

  site.get(
    "/api/v1/repositories/:owner/:repo/rollouts/:sha",
    answers(async (c, viewer): Promise<Response> => {
      const { owner = "", repo = "", sha = "" } = c.req.param() as Record<string, string>;
      return found(c, await flows.rollout(viewer, owner, repo, sha));
    }),
  );

  site.get(
    "/api/v1/repositories/:owner/:repo/environments/:name",
    answers(async (c, viewer): Promise<Response> => {
      const { owner = "", repo = "", name = "" } = c.req.param() as Record<string, string>;
      return found(c, await flows.environment(viewer, owner, repo, name));
    }),
  );
}
