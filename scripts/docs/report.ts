import { definitions, steps } from "#core/report/definitions.ts";
import { table } from "#core/text/markdown.ts";
import { cell } from "./markdown.ts";

/** The definitions of the report's figures, as they stand beside them. */
export const reportDefinitions = (): string =>
  `${table(
    ["Figure", "What it says"],
    Object.values(definitions).map(({ title, says }) => [cell(title), cell(says)]),
  )}

Steps of a change: ${Object.values(steps).join("; ")}.`;
