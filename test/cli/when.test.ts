import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../../src/cli/answer.ts";
import { when } from "../../src/cli/commands/when.ts";

const times = `
windows:
  business-hours: { timezone: Europe/Berlin, open: [{ days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }] }
  nights: { timezone: Europe/Berlin, open: [{ days: [mon, tue, wed, thu], from: "22:00", to: "02:00" }] }
freezes:
  - { name: month-end, timezone: Europe/Berlin, environments: ["production*"], during: { month_end: { last_business_days: 3 } }, reason: Books close. }
  - { name: migrations, timezone: UTC, paths: ["db/**"], during: { from: "2026-03-01T00:00", until: "2026-04-01T00:00" } }
`;
const rules = `
rules:
  - { name: hours, when: { environments: ["production*"] }, require: { window: [business-hours, nights] } }
  - { name: not-frozen, when: { environments: ["production*"] }, require: { not_frozen: true } }
  - { name: shown, enforcement: evaluate, require: { window: nights } }
  - { name: either, require: { any: [{ window: nights }, { approvals: { count: 2 } }] } }
`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-when-"));
  writeFileSync(join(folder, "policy.yml"), `version: 1${rules}${times}`);
  writeFileSync(join(folder, "times.yml"), `version: 1${times.replace(/^ {2}nights.*$/m, "")}`);
  writeFileSync(
    join(folder, "zone.yml"),
    "version: 1\nwindows:\n  hours: { timezone: Europe/Berln, open: [{ days: [mon], from: '09:00', to: '17:00' }] }\n",
  );
  writeFileSync(
    join(folder, "twice.yml"),
    "version: 1\nwindows:\n  hours: { timezone: UTC, open: [{ days: [mon], from: '09:00', to: '17:00' }, { days: [mon], from: '09:00', to: '17:00' }] }\n",
  );
  writeFileSync(
    join(folder, "no-file.yml"),
    `version: 1\nwindows:\n  business-hours: { timezone: UTC, open: [{ days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }], except: [holidays] }\ncalendars:\n  holidays: { ics: nothing-there.ics, timezone: UTC }\n`,
  );
  writeFileSync(
    join(folder, "instants.txt"),
    "# Monday and Sunday\n2026-03-23T09:00:00Z\n\n2026-03-22T09:00:00Z\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ask = async (
  options: Readonly<Record<string, unknown>>,
  policy = "policy.yml",
): Promise<Answer> => {
  const answer = await when().run([], {
    policy: join(folder, policy),
    environment: "production",
    ...options,
  });
  if (answer === null) throw new Error("no answer");
  return answer;
};

describe("gatehouse when", () => {
  it("answers one row an instant", async () => {
    const { json, exitCode } = await ask({
      at: ["2026-03-23T09:00:00Z", "2026-03-27T09:00:00Z", "2026-03-23T18:00:00+01:00"],
    });
    expect(exitCode).toBe(0);
    expect(json).toEqual([
      {
        at: "2026-03-23T09:00:00Z",
        open: true,
        because: expect.stringContaining("inside business-hours"),
        next_change: "2026-03-23T16:00:00Z",
      },
      {
        at: "2026-03-27T09:00:00Z",
        open: false,
        because: expect.stringContaining("freeze month-end is on"),
        next_change: "2026-03-31T22:00:00Z",
      },
      {
        at: "2026-03-23T17:00:00Z",
        open: false,
        because: expect.stringContaining("outside business-hours"),
        next_change: "2026-03-23T21:00:00Z",
      },
    ]);
  });

  it.each([
    { at: "2026-03-23T10:00:00Z", when: "inside its hours" },
    { at: "2026-03-22T10:00:00Z", when: "outside its hours" },
  ])("names the calendar file that cannot be read, and what to do, $when", async ({ at }) => {
    const { json } = await ask({ at: [at] }, "no-file.yml");
    expect(json).toEqual([
      {
        at,
        open: false,
        because: expect.stringMatching(
          /there is no file .*nothing-there\.ics in the repository; a maintainer of the policy repairs that/,
        ),
        next_change: null,
      },
    ]);
    expect(JSON.stringify(json)).not.toContain("ten years");
  });

  it("reads instants from a file, one a line", async () => {
    expect((await ask({ atFile: join(folder, "instants.txt") })).json).toMatchObject([
      { at: "2026-03-23T09:00:00Z", open: true },
      { at: "2026-03-22T09:00:00Z", open: false },
    ]);
  });

  it("counts only what holds every deployment to the environment, and says what holds some", async () => {
    expect(
      (await ask({ environment: "staging", at: ["2026-03-22T09:00:00Z"] })).json,
    ).toMatchObject([{ open: true, next_change: null }]);
    expect((await ask({ at: ["2026-03-23T09:00:00Z"] })).text).toContain(
      "some deployments are held as well by migrations",
    );
  });

  it("a policy without rules is a calendar of its own", async () => {
    expect(
      (
        await ask(
          { at: ["2026-03-23T09:00:00Z", "2026-03-27T09:00:00Z", "2026-03-22T09:00:00Z"] },
          "times.yml",
        )
      ).json,
    ).toMatchObject([{ open: true }, { open: false }, { open: false }]);
  });

  it("gives the calendar of the coming days as data, table, iCalendar and picture", async () => {
    const asked = { at: ["2026-03-26T00:00:00Z"], days: "7" };
    const { json, text } = await ask(asked);
    expect(json).toEqual({
      environment: "production",
      from: "2026-03-26T00:00:00Z",
      until: "2026-04-02T00:00:00Z",
      openings: [
        { from: "2026-03-26T00:00:00Z", until: "2026-03-26T01:00:00Z" },
        { from: "2026-03-26T08:00:00Z", until: "2026-03-26T16:00:00Z" },
        { from: "2026-03-26T21:00:00Z", until: "2026-03-26T23:00:00Z" },
        { from: "2026-03-31T22:00:00Z", until: "2026-04-01T00:00:00Z" },
        { from: "2026-04-01T07:00:00Z", until: "2026-04-01T15:00:00Z" },
        { from: "2026-04-01T20:00:00Z", until: "2026-04-02T00:00:00Z" },
      ],
      freezes: [
        {
          name: "month-end",
          reason: "Books close.",
          on: [{ from: "2026-03-26T23:00:00Z", until: "2026-03-31T22:00:00Z" }],
        },
      ],
    });
    expect(text).toContain(
      "frozen  Fri 2026-03-27 00:00 Europe/Berlin to Wed 2026-04-01 00:00 Europe/Berlin  month-end: Books close.",
    );
    const ics = (await ask({ ...asked, ics: true })).text;
    expect(ics).toMatch(/^BEGIN:VCALENDAR\r\n/);
    expect(ics.match(/BEGIN:VEVENT/g)).toHaveLength(7);
    expect((await ask({ ...asked, svg: true })).text).toMatch(/^<svg .*<\/svg>\n$/s);
  });

  it.each([
    { row: 17, policy: "zone.yml", options: {}, says: /zone\.yml:3:\d+: .*Europe\/Berln/ },
    { row: 19, policy: "twice.yml", options: {}, says: /twice\.yml:3:\d+: .*duplicate/ },
  ])("row $row: refuses $policy with the place", async ({ policy, options, says }) => {
    await expect(ask(options, policy)).rejects.toThrow(says);
  });

  it.each([
    { options: { at: ["yesterday"] }, says: /--at yesterday: not an instant/ },
    { options: { atFile: "nowhere.txt" }, says: /no such file/ },
    { options: { days: "0" }, says: /--days 0: write a whole number/ },
    { options: { days: "7", ics: true, svg: true }, says: /one picture/ },
  ])("refuses $options", async ({ options, says }) => {
    await expect(ask(options)).rejects.toThrow(says);
  });
});
