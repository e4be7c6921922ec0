import { urlPart } from "#core/text/url-part.ts";
import type { Context } from "hono";
import { decisionPath } from "#core/record/decision-address.ts";
import { environmentPath, repositoryPath, rolloutPath } from "#core/record/repository-address.ts";
import type { Interval } from "#core/calendar/spans.ts";
import type { Subscription } from "#flow/pages/page-flows.ts";
import type { CalendarView, DeploymentView, EnvironmentView } from "#flow/pages/environment.ts";
import type { PageEnv } from "../http/environment.ts";
import { page } from "../layout/page.tsx";
import { Label, Time } from "../layout/parts.tsx";
import { CalendarPicture } from "./calendar-picture.tsx";
import { WaitingItems } from "./waiting-list.tsx";

const mostRows = 60;

const CalendarTable = ({ calendar }: { readonly calendar: CalendarView }) => {
  const line =
    (what: string) =>
    ({ start, end }: Interval) => ({ start, end, what });
  const rows = [
    ...calendar.openings.map(line("open")),
    ...calendar.freezes.flatMap(({ name, reason, on }) =>
      on.map(line(`freeze ${name}${reason === "" ? "" : `: ${reason}`}`)),
    ),
    ...calendar.holidays.map((holiday) => line(`holiday: ${holiday.name}`)(holiday)),
  ].toSorted((a, b) => a.start - b.start);
  return (
    <details>
      <summary>The same as a table</summary>
      <div class="scroll" tabindex={0} role="region" aria-label="Calendar as a table">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">Until</th>
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, mostRows).map(({ start, end, what }) => (
              <tr>
                <td>
                  <Time at={start} />
                </td>
                <td>
                  <Time at={end} />
                </td>
                <td>{what}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > mostRows ? <p class="small">and {rows.length - mostRows} more</p> : null}
    </details>
  );
};

const Deployment = ({ row }: { readonly row: DeploymentView }) => (
  <tr>
    <td>
      <Time at={row.createdAt} />
    </td>
    <td>
      <a href={decisionPath(row.id)}>
        <code>{row.sha.slice(0, 7)}</code>
      </a>{" "}
      {row.ref}
    </td>
    <td>
      {row.state.replaceAll("_", " ")}
      {row.isRollback ? " (roll back)" : ""}
    </td>
    <td>{row.answer === null ? "–" : <Label of={row.answer} />}</td>
    <td>{row.by === null ? "–" : `@${row.by}`}</td>
    <td>
      {row.approvedBy.length === 0 ? "–" : row.approvedBy.map((login) => `@${login}`).join(", ")}
    </td>
  </tr>
);

const Subscribe = ({
  c,
  view,
  made,
}: {
  readonly c: Context<PageEnv>;
  readonly view: EnvironmentView;
  readonly made: Subscription | null;
}) => {
  const path = environmentPath(view.repository, view.environment);
  if (made === null)
    return (
      <form method="post" action={`${path}/subscribe`}>
        <input type="hidden" name="csrf" value={c.get("signedIn")?.csrf ?? ""} />
        <p>
          <button type="submit">Make an address to subscribe to</button>{" "}
          <span class="small muted">
            It opens this calendar and nothing else, for a year. The one you made before ends with
            it.
          </span>
        </p>
      </form>
    );
  const address = `${c.get("origin")}/calendar${repositoryPath(view.repository)}/${urlPart(view.environment)}.ics?token=${made.token}`;
  return (
    <div class="note good" role="status">
      <p>Give this address to your calendar. It is shown this once:</p>
      <p>
        <a href={address}>{address}</a>
      </p>
      <p class="small">
        <code>npx --no -- gatehouse token revoke {made.id}</code> ends it.
      </p>
    </div>
  );
};

/** `/<owner>/<repo>/environments/<name>`; `made`: an address to subscribe to that was just made. */
export function environmentPage(
  c: Context<PageEnv>,
  view: EnvironmentView,
  now: number,
  made: Subscription | null = null,
): Response | Promise<Response> {
  const { calendar, running } = view;
  return page(
    c,
    {
      title: `${view.environment} of ${view.repository}`,
      live: made === null ? view.repository : undefined,
    },
    <>
      <p class="small">
        <a href={repositoryPath(view.repository)}>{view.repository}</a>
      </p>
      <h1>{view.environment}</h1>
      {calendar === null ? null : (
        <p class={`note ${calendar.isOpen ? "good" : "care"}`}>
          {calendar.isOpen ? "Open" : "Closed"} now: {calendar.because}.
          {calendar.nextChange === null ? null : (
            <>
              {" "}
              That changes at <Time at={Date.parse(calendar.nextChange)} />.
            </>
          )}
        </p>
      )}
      <h2>What runs</h2>
      {running === null ? (
        <p>Nothing that is known to have succeeded.</p>
      ) : (
        <p>
          <code>{running.sha.slice(0, 7)}</code> of {running.ref}, since{" "}
          <Time at={running.finishedAt ?? running.createdAt} />
          {running.by === null ? null : `, asked for by @${running.by}`}
        </p>
      )}
      {view.rollouts.length === 0 ? null : (
        <p>
          Rollouts:{" "}
          {view.rollouts.map((sha, index) => (
            <>
              {index === 0 ? null : ", "}
              <a href={rolloutPath(view.repository, sha)}>
                <code>{sha.slice(0, 7)}</code>
              </a>
            </>
          ))}
        </p>
      )}
      <h2>What waits</h2>
      {view.waiting.length === 0 ? (
        <p>Nothing waits.</p>
      ) : (
        <WaitingItems items={view.waiting} now={now} />
      )}
      <h2>The coming weeks</h2>
      {calendar === null ? (
        <p>No policy says anything about time here, or a calendar that it names cannot be read.</p>
      ) : (
        <>
          {calendar.warnings.map((warning) => (
            <p class="note care">{warning}</p>
          ))}
          <div class="scroll" tabindex={0} role="region" aria-label="Calendar">
            <CalendarPicture calendar={calendar} />
          </div>
          <CalendarTable calendar={calendar} />
          <Subscribe c={c} view={view} made={made} />
        </>
      )}
      <h2>History</h2>
      {view.history.length === 0 ? (
        <p>Nothing was deployed here yet.</p>
      ) : (
        <div class="scroll" tabindex={0} role="region" aria-label="History of deployments">
          <table>
            <thead>
              <tr>
                <th scope="col">Asked</th>
                <th scope="col">Commit</th>
                <th scope="col">State</th>
                <th scope="col">Gate</th>
                <th scope="col">By</th>
                <th scope="col">Approved by</th>
              </tr>
            </thead>
            <tbody>
              {view.history.map((row) => (
                <Deployment row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>,
  );
}
