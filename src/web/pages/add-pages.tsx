import type { Context, Hono } from "hono";
import type { Clock } from "#core/ports/system.ts";
import { readReportFilter } from "#flow/pages/report-filter.ts";
import { readFilter } from "#flow/pages/filter.ts";
import type { FormOutcome, FreezeForm } from "#flow/pages/forms.ts";
import type { PageFlows } from "#flow/pages/page-flows.ts";
import type { Viewer } from "#flow/pages/viewer.ts";
import type { PageEnv } from "../http/environment.ts";
import { readForm } from "../http/form.ts";
import { notFound, registeredBefore, signInFirst } from "../layout/refusals.tsx";
import { dashboard } from "./dashboard.tsx";
import { decisionPage } from "./decision.tsx";
import { environmentPage } from "./environment.tsx";
import { freezesPage } from "./freezes.tsx";
import { reportPage } from "./report.tsx";
import { rolloutPage } from "./rollout.tsx";
import { setUpPage } from "./set-up.tsx";
import { repositoryPage } from "./repository.tsx";

type C = Context<PageEnv>;

/** Who sees nothing has not come this far. */
const seeing = (show: (c: C, viewer: Viewer) => Promise<Response>) => (c: C) => {
  const viewer = c.get("viewer");
  return viewer === null ? Promise.resolve(signInFirst(c)) : show(c, viewer);
};

const formOf = (fields: URLSearchParams): FreezeForm => {
  const one = (name: string): string => (fields.get(name) ?? "").trim().slice(0, 1_000);
  return {
    repository: one("repository"),
    environment: one("environment"),
    name: one("name"),
    from: one("from"),
    until: one("until"),
    reason: one("reason"),
  };
};

const notices: Readonly<Record<string, string>> = {
  frozen: "The freeze is on record.",
  ended: "The freeze was ended.",
  waiting: "It is being carried out; it shows here once it is.",
};

/** The pages: each reads through its use case and is shown. */
export function addPages(site: Hono<PageEnv>, flows: PageFlows, clock: Clock): void {
  const now = (): number => clock.now();

  site.get(
    "/",
    seeing(async (c, viewer) => {
      const query = new URL(c.req.url).searchParams;
      const { filter, problems } = readFilter(query);
      const [list, health, freezes] = await Promise.all([
        flows.waiting(viewer, filter),
        flows.health(),
        flows.freezes(viewer),
      ]);
      return dashboard(c, { list, problems, health, freezes, query, now: now() });
    }),
  );

  site.get(
    "/report",
    seeing(async (c, viewer) => {
      const query = new URL(c.req.url).searchParams;
      const { filter, problems } = readReportFilter(query, now());
      const answer = problems.length > 0 ? null : await flows.report(viewer, filter);
      return answer?.kind === "report"
        ? reportPage(c, { report: answer.report, problems, query })
        : reportPage(c, { report: null, problems: answer?.problems ?? problems, query });
    }),
  );

  site.get(
    "/setup",
    seeing(async (c, viewer) => setUpPage(c, await flows.setUp(viewer))),
  );
  // GitHub's answer is opened again after it was taken.
  site.get("/setup/done", (c) =>
    c.req.query("code") === undefined ? c.redirect("/setup") : registeredBefore(c),
  );

  site.get(
    "/decisions/:id",
    seeing(async (c, viewer) => {
      const view = await flows.decision(viewer, c.req.param("id") ?? "", {
        replays: c.req.query("replay") === "1",
      });
      return view === null ? notFound(c) : decisionPage(c, view, now());
    }),
  );

  site.get(
    "/freezes",
    seeing(async (c, viewer) =>
      freezesPage(c, {
        freezes: await flows.freezes(viewer),
        form: formOf(new URL(c.req.url).searchParams),
        problems: [],
        notice: notices[c.req.query("done") ?? ""] ?? null,
        now: now(),
      }),
    ),
  );

  const change =
    (command: "freeze" | "unfreeze", done: string) =>
    async (c: C): Promise<Response> => {
      const [signedIn, viewer, fields] = [c.get("signedIn"), c.get("viewer"), await readForm(c)];
      if (signedIn === null || viewer === null) return signInFirst(c);
      const typed = fields === null ? null : formOf(fields);
      const outcome: FormOutcome =
        typed === null
          ? {
              kind: "refused",
              problems: [
                {
                  field: "",
                  message: "The form did not come from this page of yours; send it again.",
                },
              ],
            }
          : await flows.freeze({ viewer, person: signedIn.person }, typed, command);
      if (outcome.kind !== "refused")
        return c.redirect(`/freezes?done=${outcome.kind === "done" ? done : "waiting"}`, 303);
      return freezesPage(c, {
        freezes: await flows.freezes(viewer),
        form: typed ?? formOf(new URLSearchParams()),
        problems: outcome.problems,
        notice: null,
        now: now(),
      });
    };
  site.post("/freezes", change("freeze", "frozen"));
  site.post("/freezes/end", change("unfreeze", "ended"));

  site.get("/calendar/:owner/:repo/:file{.+\\.ics}", async (c) => {
    const environment = c.req.param("file").replace(/\.ics$/, "");
    const { owner, repo } = c.req.param();
    const text = await flows.calendar(c.req.query("token"), owner, repo, environment);
    return text === null
      ? c.text("There is no such calendar, or its address is good no more.\n", 404)
      : c.body(text, 200, { "content-type": "text/calendar; charset=utf-8" });
  });

  site.get(
    "/:owner/:repo/environments/:name",
    seeing(async (c, viewer): Promise<Response> => {
      const { owner = "", repo = "", name = "" } = c.req.param() as Record<string, string>;
      const view = await flows.environment(viewer, owner, repo, name);
      return view === null ? notFound(c) : environmentPage(c, view, now());
    }),
  );

  site.get(
    "/:owner/:repo/rollouts/:sha",
    seeing(async (c, viewer): Promise<Response> => {
      const { owner = "", repo = "", sha = "" } = c.req.param() as Record<string, string>;
      const view = await flows.rollout(viewer, owner, repo, sha);
      return view === null ? notFound(c) : rolloutPage(c, view, now());
    }),
  );

  site.post("/:owner/:repo/environments/:name/subscribe", async (c): Promise<Response> => {
    const [signedIn, viewer, fields] = [c.get("signedIn"), c.get("viewer"), await readForm(c)];
    if (signedIn === null || viewer === null || fields === null) return signInFirst(c);
    const { owner, repo, name } = c.req.param();
    const who = { viewer, person: signedIn.person };
    const made = await flows.subscribe(who, owner, repo, name);
    const view = made === null ? null : await flows.environment(viewer, owner, repo, name);
    return view === null ? notFound(c) : environmentPage(c, view, now(), made);
  });

  site.get(
    "/:owner/:repo",
    seeing(async (c, viewer): Promise<Response> => {
      const { owner = "", repo = "" } = c.req.param() as Record<string, string>;
      const view = await flows.repository(viewer, owner, repo);
      return view === null ? notFound(c) : repositoryPage(c, view, now());
    }),
  );
}
