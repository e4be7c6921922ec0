import type { Context } from "hono";
import type { HealthView } from "#flow/pages/health.ts";
import type { FreezeView } from "#flow/pages/freezes.ts";
import type { InputProblem } from "#flow/pages/filter.ts";
import type { WaitingList } from "#flow/pages/waiting.ts";
import type { PageEnv } from "../http/environment.ts";
import { page } from "../layout/page.tsx";
import { Ago } from "../layout/parts.tsx";
import { FreezeItems } from "./freeze-list.tsx";
import { WaitingItems } from "./waiting-list.tsx";

export interface DashboardInput {
  readonly list: WaitingList;
  readonly problems: readonly InputProblem[];
  readonly health: HealthView;
  readonly freezes: readonly FreezeView[];
  readonly query: URLSearchParams;
  readonly now: number;
}

const Health = ({ health, now }: { readonly health: HealthView; readonly now: number }) => (
  <section aria-label="Health of the gate">
    {health.isWell ? (
      <p class="note good">
        The gate is well: GitHub knows it, and {health.queue.due} pieces of work are due.
        {health.lastDeliveryAt === null ? null : (
          <>
            {" "}
            Last delivery <Ago at={health.lastDeliveryAt} now={now} />.
          </>
        )}
      </p>
    ) : (
      <div class="note bad" role="status">
        <p>The gate needs a look; what it cannot judge it does not let through.</p>
        <ul>
          {health.troubles.map((trouble) => (
            <li>{trouble}</li>
          ))}
        </ul>
      </div>
    )}
  </section>
);

const Filter = ({
  query,
  problems,
}: {
  readonly query: URLSearchParams;
  readonly problems: readonly InputProblem[];
}) => {
  const problemOf = (field: string) => problems.find((problem) => problem.field === field);
  const text = (field: string, label: string, example: string) => {
    const problem = problemOf(field);
    return (
      <div>
        <label for={field}>{label}</label>
        <input
          id={field}
          name={field}
          value={query.get(field) ?? ""}
          placeholder={example}
          {...(problem === undefined
            ? {}
            : { "aria-invalid": "true", "aria-describedby": `${field}-wrong` })}
        />
      </div>
    );
  };
  return (
    <form method="get" action="/" aria-label="Filter">
      <div class="fields">
        {text("repository", "Repository", "acme/shop")}
        {text("environment", "Environment", "production")}
        <div>
          <div class="check">
            <input
              id="mine"
              type="checkbox"
              name="mine"
              value="1"
              {...(query.get("mine") === "1" ? { checked: true } : {})}
            />
            <label for="mine">Mine</label>
          </div>
          <div class="check">
            <input
              id="team"
              type="checkbox"
              name="team"
              value="mine"
              {...(query.get("team") === "mine" ? { checked: true } : {})}
            />
            <label for="team">Asked of my teams</label>
          </div>
        </div>
        <div>
          <button type="submit">Filter</button> <a href="/">All</a>
        </div>
      </div>
    </form>
  );
};

/** `/`: what waits, why, since when, who is asked, and when it may change. */
export function dashboard(
  c: Context<PageEnv>,
  { list, problems, health, freezes, query, now }: DashboardInput,
): Response | Promise<Response> {
  const all = [...problems, ...list.problems];
  return page(
    c,
    { title: "Waiting", here: "/", live: "everything", status: all.length === 0 ? 200 : 400 },
    <>
      <h1>What waits</h1>
      <Health health={health} now={now} />
      {all.length === 0 ? null : (
        <div class="note care" role="alert">
          <p>A part of the filter cannot be used:</p>
          <ul>
            {all.map(({ field, message }) => (
              <li id={`${field}-wrong`}>
                <code>{field}</code> {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Filter query={query} problems={all} />
      <h2>
        {list.waiting.length === 0
          ? "Nothing waits"
          : `${list.isCut ? "The first " : ""}${list.waiting.length} ${list.waiting.length === 1 ? "waits" : "wait"}`}
      </h2>
      {list.waiting.length === 0 ? (
        <p>No open pull request and no deployment that you may read is held back by this filter.</p>
      ) : (
        <>
          <WaitingItems items={list.waiting} now={now} />
          {list.isCut ? <p>There is more: narrow it with the filter.</p> : null}
        </>
      )}
      <h2>Freezes now and next</h2>
      {freezes.length === 0 ? (
        <p>Nobody froze anything, and no freeze of an organisation's policy is near.</p>
      ) : (
        <FreezeItems freezes={freezes} now={now} />
      )}
    </>,
  );
}
