import type { Report } from "#core/report/report.ts";
import { raw } from "hono/html";
import { assets } from "../layout/assets.ts";
import { ReportBody } from "./report-body.tsx";

/** The report as one file that opens by itself: nothing in it is fetched from anywhere. */
export async function reportDocument(report: Report): Promise<string> {
  const html = await (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Report · Gatehouse</title>
        <style>{raw(assets.style.text)}</style>
      </head>
      <body>
        <main>
          <h1>Report</h1>
          <ReportBody report={report} isLinked={false} />
        </main>
      </body>
    </html>
  );
  return `<!doctype html>\n${String(html)}\n`;
}
