import { describe } from "vitest";
import { testWindowRows } from "./windows-csv.ts";
import { csvRows } from "../../corpus/folder.ts";

const own = `id,rule_type,rule,zone,instant,local,as_window,as_freeze,tag
F1,weekly,"{""days"":[""sat""],""start"":""23:00"",""end"":""02:30""}",Europe/Berlin,2027-10-31T00:29:59Z,,true,true,overlap
F2,weekly,"{""days"":[""sat""],""start"":""23:00"",""end"":""02:30""}",Europe/Berlin,2027-10-31T00:30:00Z,,false,true,overlap
F3,weekly,"{""days"":[""sat""],""start"":""23:00"",""end"":""02:30""}",Europe/Berlin,2027-10-31T01:30:00Z,,false,false,overlap
F4,cron,"{""cron"":""30 1 * * 0"",""duration"":""10m""}",Europe/London,2026-10-25T00:35:00Z,,true,true,overlap starts twice
F5,cron,"{""cron"":""30 1 * * 0"",""duration"":""10m""}",Europe/London,2026-10-25T01:35:00Z,,true,true,overlap starts twice
F6,cron,"{""cron"":""30 1 * * 0"",""duration"":""10m""}",Europe/London,2026-03-29T01:05:00Z,,false,false,gap starts none
F7,month_end,"{""lastBusinessDays"":1,""holidays"":[""2026-12-31""]}",Europe/Berlin,2026-12-29T23:00:00Z,,true,true,holiday
F8,month_end,"{""lastBusinessDays"":1,""holidays"":[""2026-12-31""]}",Europe/Berlin,2026-12-31T23:00:00Z,,false,false,next month
F9,interval,"{""from"":""2026-10-25T02:30"",""until"":""2026-10-25T04:00""}",Europe/Berlin,2026-10-25T01:00:00Z,,false,true,overlap
`;

describe("windows and freezes, row by row", () => testWindowRows(csvRows(own)));
