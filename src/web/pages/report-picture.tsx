import { scaleBand, scaleLinear, scaleUtc } from "d3-scale";
import { line } from "d3-shape";
import type { CoveragePoint, Report, ReportPart } from "#core/report/report.ts";

const left = 40;
const width = 600;
const height = 120;
const top = 12;
const below = 20;

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const Frame = ({ label, children }: { readonly label: string; readonly children: unknown }) => (
  <svg viewBox={`0 0 ${left + width + 20} ${top + height + below}`} role="img" aria-label={label}>
    {children}
  </svg>
);

const series = [
  ["succeeded", "open", "succeeded"],
  ["failed", "freeze", "failed or taken back"],
  ["rollbacks", "holiday", "roll backs"],
] as const;

/** Deployments over the period, a group of bars for each part; a part that nobody watched has none and says so. */
export const DeploymentsPicture = ({ parts }: { readonly parts: readonly ReportPart[] }) => {
  const most = Math.max(1, ...parts.flatMap((part) => series.map(([key]) => part[key] ?? 0)));
  const x = scaleBand(
    parts.map(({ from }) => String(from)),
    [left, left + width],
  ).padding(0.2);
  const inner = scaleBand(
    series.map(([key]) => key),
    [0, x.bandwidth()],
  );
  const y = scaleLinear([0, most], [top + height, top]).nice();
  const every = Math.ceil(parts.length / 6);
  return (
    <>
      <ul class="legend">
        {series.map(([, kind, word]) => (
          <li>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <rect class={kind} width="10" height="10" />
            </svg>
            {word}
          </li>
        ))}
        <li>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect class="day" width="10" height="10" />
          </svg>
          not observed
        </li>
      </ul>
      <Frame label="Deployments over the period; the table below says the same">
        {y
          .ticks(4)
          .filter(Number.isInteger)
          .map((tick) => (
            <>
              <line class="grid" x1={left} x2={left + width} y1={y(tick)} y2={y(tick)} />
              <text x={left - 6} y={y(tick) + 4} text-anchor="end">
                {tick}
              </text>
            </>
          ))}
        {parts.map((part, index) => {
          const at = x(String(part.from)) ?? left;
          return (
            <>
              {index % every === 0 ? (
                <text x={at} y={top + height + 14}>
                  {dayOf(part.from)}
                </text>
              ) : null}
              {part.succeeded === null ? (
                <rect class="day" x={at} y={top} width={x.bandwidth()} height={height}>
                  <title>{`${dayOf(part.from)}: not observed`}</title>
                </rect>
              ) : (
                series.map(([key, kind, word]) => (
                  <rect
                    class={kind}
                    x={at + (inner(key) ?? 0)}
                    y={y(part[key] ?? 0)}
                    width={inner.bandwidth()}
                    height={top + height - y(part[key] ?? 0)}
                  >
                    <title>{`${dayOf(part.from)}: ${part[key] ?? 0} ${word}`}</title>
                  </rect>
                ))
              )}
            </>
          );
        })}
      </Frame>
    </>
  );
};

/** Coverage over the period, a line for each repository. */
export const CoveragePicture = ({
  from,
  to,
  coverage,
}: Pick<Report, "from" | "to" | "coverage">) => {
  const x = scaleUtc([from, to], [left, left + width]);
  const y = scaleLinear([0, 100], [top + height, top]);
  const outline = line<CoveragePoint>()
    .x(({ at }) => x(at))
    .y(({ percent }) => y(percent));
  const names = [...new Set(coverage.points.map(({ repository }) => repository))];
  return (
    <Frame label="Coverage over the period">
      {y.ticks(4).map((tick) => (
        <>
          <line class="grid" x1={left} x2={left + width} y1={y(tick)} y2={y(tick)} />
          <text x={left - 6} y={y(tick) + 4} text-anchor="end">
            {tick}
          </text>
        </>
      ))}
      {x.ticks(5).map((tick) => (
        <text x={x(tick)} y={top + height + 14}>
          {dayOf(tick.getTime())}
        </text>
      ))}
      {names.map((name) => {
        const points = coverage.points.filter(({ repository }) => repository === name);
        return (
          <>
            <path class="trend" d={outline(points) ?? ""}>
              <title>{name}</title>
            </path>
            {points.map(({ at, percent }) => (
              <circle class="open" cx={x(at)} cy={y(percent)} r="3">
                <title>{`${name} ${dayOf(at)}: ${percent.toFixed(1)} %`}</title>
              </circle>
            ))}
          </>
        );
      })}
    </Frame>
  );
};
