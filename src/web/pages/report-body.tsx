import { definitions } from "#core/report/definitions.ts";
import type { AuditedDeployment } from "#core/report/audited.ts";
import type { Report } from "#core/report/report.ts";
import { span } from "#core/text/time.ts";
import { decisionPath } from "#core/record/decision-address.ts";
import {
  bypassText,
  catchingLines,
  countText,
  deploymentColumns,
  figureLines,
  figureText,
  lessonsStandOn,
  notObserved,
  rowsShown,
  scopeText,
  standsOn,
  stepLines,
  waitingLine,
} from "#core/report/words.ts";
import { Time } from "../layout/parts.tsx";
import { CoveragePicture, DeploymentsPicture } from "./report-picture.tsx";

const Table = ({
  label,
  head,
  rows,
  none,
}: {
  readonly label: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly none: string;
}) =>
  rows.length === 0 ? (
    <p>{none}</p>
  ) : (
    <div class="scroll" tabindex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {head.map((each) => (
              <th scope="col">{each}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((each) => (
                <td>{each}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );

/** What else of a deployment is told than its columns say: the commit leads to the decision. */
const cellOf = (
  { key, text }: (typeof deploymentColumns)[number],
  deployment: AuditedDeployment,
  isLinked: boolean,
): unknown =>
  key === "commit" && isLinked && deployment.rules !== null ? (
    <a href={decisionPath(deployment.decision)}>
      <code>{text(deployment)}</code>
    </a>
  ) : key === "commit" ? (
    <code>{text(deployment)}</code>
  ) : (
    text(deployment)
  );

/** The report itself. `mostRows`: so many deployments are shown, the newest; undefined: all. */
export const ReportBody = ({
  report,
  isLinked,
  mostRows = report.deployments.length,
}: {
  readonly report: Report;
  readonly isLinked: boolean;
  readonly mostRows?: number;
}) => {
  const { checks, coverage } = report;
  const shown = report.deployments.slice(-mostRows);
  return (
    <>
      <p>{scopeText(report)}</p>
      <p class="small muted">
        {rowsShown(report)}. Made <Time at={report.madeAt} />.
      </p>
      <h2>Delivery</h2>
      <dl class="figures">
        {figureLines(report).map(({ title, value, stands, says }) => (
          <div>
            <dt>{title}</dt>
            <dd>
              <strong>{value}</strong>
              <span class="small">Stands on {stands}.</span>
              <span class="small muted">{says}</span>
            </dd>
          </div>
        ))}
      </dl>
      <DeploymentsPicture parts={report.parts} />
      <h2>{definitions.path.title}</h2>
      <p class="small muted">{definitions.path.says}</p>
      <Table
        label={definitions.path.title}
        head={["Step", "Median", "Stands on"]}
        rows={stepLines(report).map(({ name, value, stands }) => [name, value, stands])}
        none=""
      />
      <h2>{definitions.waiting.title}</h2>
      <p class="small muted">{definitions.waiting.says}</p>
      <Table
        label="Waiting time by rule"
        head={["Rule", "In all", "Median", "Stands on"]}
        rows={report.waiting.byRule.map(waitingLine)}
        none="No rule was seen to wait."
      />
      <Table
        label="Waiting time by team"
        head={["Team", "In all", "Median", "Stands on"]}
        rows={report.waiting.byTeam.map(waitingLine)}
        none="No team was seen to be asked."
      />
      <h2>{definitions.checks.title}</h2>
      <p class="small muted">{definitions.checks.says}</p>
      <Table
        label={definitions.checks.title}
        head={["Repository", "Check", "Failed", "Runs", "Mean length"]}
        rows={(checks ?? []).map(({ repository, name, failed, rows, meanMs }) => [
          repository,
          name,
          failed,
          rows,
          meanMs === null ? notObserved : span(meanMs),
        ])}
        none={checks === null ? "Not observed." : "No check run ended."}
      />
      <h2>{definitions.coverage.title}</h2>
      <p class="small muted">{definitions.coverage.says}</p>
      <p>
        Newest: {figureText(coverage)}. Stands on {standsOn(coverage, "merges")}.
      </p>
      {coverage.points.length === 0 ? null : (
        <CoveragePicture from={report.from} to={report.to} coverage={coverage} />
      )}
      <h2>{definitions.overrides.title}</h2>
      <p class="small muted">{definitions.overrides.says}</p>
      <Table
        label="Over the period"
        head={["From", "Until", "Deployments", "Failed", "Roll backs", "Overrides", "Bypasses"]}
        rows={report.parts.map((part) => [
          <Time at={part.from} />,
          <Time at={part.to} />,
          ...[part.succeeded, part.failed, part.rollbacks, part.overrides, part.bypasses].map(
            countText,
          ),
        ])}
        none=""
      />
      <h3>{definitions.judgedRight.title}</h3>
      <p class="small muted">{definitions.judgedRight.says}</p>
      <p>
        {figureText(report.lessons.judgedRight)}. Stands on{" "}
        {standsOn(report.lessons.judgedRight, "reviews of overrides")}.
      </p>
      <h3>{definitions.caughtBy.title}</h3>
      <p class="small muted">
        {definitions.caughtBy.says} Stands on {lessonsStandOn(report)}.
      </p>
      <Table
        label={definitions.caughtBy.title}
        head={["Rule", "Reviews"]}
        rows={catchingLines(report)}
        none="No review names one."
      />
      <h3>Bypasses</h3>
      <Table
        label="Bypasses"
        head={["When", "Repository", "What", "How"]}
        rows={report.bypasses.map((bypass) => [
          <Time at={bypass.at} />,
          bypass.repository,
          bypass.what,
          bypassText(bypass),
        ])}
        none="No bypass is on record."
      />
      <h2>Deployments</h2>
      {shown.length < report.deployments.length ? (
        <p class="note care">
          The newest {shown.length} of {report.deployments.length}; all of them are in CSV and JSON.
        </p>
      ) : null}
      <Table
        label="Deployments"
        head={deploymentColumns.map(({ title }) => title)}
        rows={shown.map((deployment) =>
          deploymentColumns.map((column) => cellOf(column, deployment, isLinked)),
        )}
        none="None was asked for."
      />
    </>
  );
};
