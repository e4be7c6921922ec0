import type { Context } from "hono";
import type { Report } from "#core/report/report.ts";
import type { InputProblem } from "#flow/pages/filter.ts";
import type { PageEnv } from "../http/environment.ts";
import { page } from "../layout/page.tsx";
import { ReportBody } from "./report-body.tsx";

/** More rows than this no browser shows well. */
const mostRows = 500;

const fields = [
  ["from", "From", "2026-01-01"],
  ["to", "Until and with", "2026-03-31"],
  ["repository", "Repository", "acme/shop"],
  ["environment", "Environment", "production"],
] as const;

const Choice = ({
  query,
  problems,
}: {
  readonly query: URLSearchParams;
  readonly problems: readonly InputProblem[];
}) => (
  <form method="get" action="/report" aria-label="Period and scope">
    <div class="fields">
      {fields.map(([name, label, example]) => (
        <div>
          <label for={name}>{label}</label>
          <input
            id={name}
            name={name}
            value={query.get(name) ?? ""}
            placeholder={example}
            {...(problems.some(({ field }) => field === name)
              ? { "aria-invalid": "true", "aria-describedby": `${name}-wrong` }
              : {})}
          />
        </div>
      ))}
      <div>
        <button type="submit">Show</button>
      </div>
    </div>
  </form>
);

/** `/report`: what auditors ask for, and delivery metrics. `report` null: what was chosen cannot be used. */
export function reportPage(
  c: Context<PageEnv>,
  {
    report,
    problems,
    query,
  }: {
    readonly report: Report | null;
    readonly problems: readonly InputProblem[];
    readonly query: URLSearchParams;
  },
): Response | Promise<Response> {
  const address = (format: string): string => {
    const named = new URLSearchParams(query);
    if (format !== "json") named.set("format", format);
    return `/api/v1/report?${named.toString()}`;
  };
  return page(
    c,
    { title: "Report", here: "/report", status: report === null ? 400 : 200 },
    <>
      <h1>Report</h1>
      <Choice query={query} problems={problems} />
      {report === null ? (
        <div class="note care" role="alert">
          <p>There is no such report:</p>
          <ul>
            {problems.map(({ field, message }) => (
              <li id={`${field}-wrong`}>
                <code>{field}</code> {message}
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <>
          <p class="links">
            The same as <a href={address("csv")}>CSV</a>, <a href={address("json")}>JSON</a>
          </p>
          <ReportBody report={report} isLinked={true} mostRows={mostRows} />
        </>
      )}
    </>,
  );
}
