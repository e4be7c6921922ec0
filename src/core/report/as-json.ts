import type { Report } from "./report.ts";

/** The report as one JSON document, a piece at a time: deployments are many. */
export function* asJson({ deployments, ...report }: Report): Generator<string> {
  yield `${JSON.stringify(report).slice(0, -1)},"deployments":[`;
  for (const [index, deployment] of deployments.entries())
    yield `${index === 0 ? "" : ","}${JSON.stringify(deployment)}`;
  yield "]}\n";
}
