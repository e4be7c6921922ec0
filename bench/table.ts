import { availableParallelism, loadavg } from "node:os";
import type { Row } from "./row.ts";

/** All rows under one head, with what else the machine did meanwhile: a busy machine measures itself. */
export function table(rows: readonly Row[]): string {
  const head = ["", "what", "measured", "budget"] as const;
  const lines = [
    head,
    ...rows.map(
      (row) =>
        [
          row.kept === null ? " " : row.kept ? "✔" : "✖",
          row.name,
          row.measured,
          row.budget,
        ] as const,
    ),
  ];
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? "").length)),
  );
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  text.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
  const broken = rows.filter((row) => row.kept === false).length;
  const load = loadavg()
    .map((each) => each.toFixed(1))
    .join(" ");
  text.push(
    "",
    `${rows.length - broken} of ${rows.length} within budget; node ${process.version}, ${availableParallelism()} cores, load average ${load}`,
  );
  return text.join("\n");
}
