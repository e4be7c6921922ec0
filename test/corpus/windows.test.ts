import { rmSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { freeze, folder, rows, window } from "../acceptance/times-world.ts";
import { testWindowRows } from "../core/calendar/windows-csv.ts";
import { corpusText, csvRows } from "./folder.ts";

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const all = csvRows(corpusText("windows/windows.csv"));

describe("windows.csv", () => testWindowRows(all));

describe("windows.csv, through the command line", () => {
  const groups = new Map<string, (readonly string[])[]>();
  for (const row of all) {
    const key = JSON.stringify(row.slice(1, 4));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }

  it("both columns of each row", async () => {
    const wrong: unknown[] = [];
    for (const [key, group] of groups) {
      const [type, written, zone]: readonly string[] = JSON.parse(key);
      const {
        days,
        start,
        end,
        lastBusinessDays,
        holidays = [],
        ...rest
      }: {
        days?: string[];
        start?: string;
        end?: string;
        lastBusinessDays?: number;
        holidays?: string[];
      } = JSON.parse(written ?? "");
      const form =
        type === "weekly"
          ? { days, from: start, to: end }
          : type === "month_end"
            ? {
                month_end: {
                  last_business_days: lastBusinessDays,
                  ...(holidays.length === 0 ? {} : { calendar: "h" }),
                },
              }
            : rest;
      const calendars =
        holidays.length === 0
          ? ""
          : `calendars: { h: { timezone: ${zone ?? ""}, dates: ${JSON.stringify(holidays)} } }\n`;
      const instants = group.map((row) => row[4] ?? "");
      const asWindow = await rows(window(zone ?? "", JSON.stringify(form)) + calendars, instants);
      const asFreeze = await rows(freeze(zone ?? "", JSON.stringify(form)) + calendars, instants);
      for (const [index, row] of group.entries()) {
        const found = [String(asWindow[index]?.open), String(asFreeze[index]?.open === false)];
        if (found[0] !== row[6] || found[1] !== row[7]) wrong.push([row, found]);
      }
    }
    expect([...groups.values()].flat()).toHaveLength(500);
    expect(wrong).toEqual([]);
  });
});
