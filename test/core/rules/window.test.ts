import { describe, expect, it } from "vitest";
import { sameCommitDeployments } from "#core/facts/deployments.ts";
import { window } from "#core/rules/window/rule.ts";
import type { PolicyContext } from "#core/rules/kit/rule.ts";
import {
  aDeployment,
  cannotRead,
  factsOf,
  headSha,
  monday,
  sha,
  thePullRequest,
} from "../build.ts";
import { aRow, deploymentWorld } from "../deployment-world.ts";
import { judge } from "../judge.ts";

const hours: PolicyContext = {
  owner: "acme",
  windows: {
    "business-hours": {
      timezone: "Europe/Berlin",
      open: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }],
      except: ["holidays"],
    },
    london: {
      timezone: "Europe/London",
      open: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }],
    },
    pairs: {
      timezone: "UTC",
      open: [
        { cron: "0 10 * * *", duration: "2h" },
        { cron: "0 14 * * *", duration: "2h" },
      ],
    },
    fallback: { timezone: "Europe/Berlin", open: [{ days: ["sun"], from: "01:00", to: "02:30" }] },
    never: { timezone: "UTC", open: [{ from: "2020-01-01T00:00", until: "2020-01-02T00:00" }] },
    filed: { timezone: "UTC", open: [{ ics: ".github/open.ics" }] },
  },
  calendars: { holidays: { dates: ["2026-04-03"], timezone: "Europe/Berlin" } },
};

const at = (
  instant: string,
  name: string | readonly string[],
  over: Parameters<typeof deploymentWorld>[0] = {},
) =>
  judge(window, name, deploymentWorld(over), {
    subject: aDeployment,
    policy: hours,
    now: Date.parse(instant),
  });

describe("window", () => {
  it.each([
    { row: 1, instant: "2026-03-30T07:00:00Z", name: "business-hours", kind: "pass" },
    { row: 1, instant: "2026-03-30T06:59:59Z", name: "business-hours", kind: "pending" },
    { row: 1, instant: "2026-03-30T15:00:00Z", name: "business-hours", kind: "pending" },
    { row: 3, instant: "2026-03-27T09:00:00Z", name: "london", kind: "pass" },
    { row: 3, instant: "2026-03-27T08:59:59Z", name: "london", kind: "pending" },
    { row: 3, instant: "2026-03-30T08:00:00Z", name: "london", kind: "pass" },
    { row: 3, instant: "2026-03-30T07:59:59Z", name: "london", kind: "pending" },
    { row: 5, instant: "2026-10-25T00:29:59Z", name: "fallback", kind: "pass" },
    { row: 5, instant: "2026-10-25T00:30:00Z", name: "fallback", kind: "pending" },
    { row: 13, instant: "2026-03-02T11:00:00Z", name: "pairs", kind: "pass" },
    { row: 13, instant: "2026-03-02T13:00:00Z", name: "pairs", kind: "pending" },
    { row: 13, instant: "2026-03-02T15:00:00Z", name: "pairs", kind: "pass" },
    { row: 13, instant: "2026-03-02T17:00:00Z", name: "pairs", kind: "pending" },
  ])("row $row: $name at $instant → $kind", ({ instant, name, kind }) => {
    expect(at(instant, name).kind).toBe(kind);
  });

  it("T47: opens by the zone's own clock, also on the day the clock changes, and says when", () => {
    const closed = at("2026-03-29T20:00:00Z", "business-hours");
    expect(closed).toMatchObject({
      kind: "pending",
      need: "The window business-hours opens 2026-03-30 07:00 UTC",
      changesAt: Date.parse("2026-03-30T07:00:00Z"),
    });
    expect(at("2026-03-27T20:00:00Z", "business-hours").changesAt).toBe(
      Date.parse("2026-03-30T07:00:00Z"),
    );
  });

  it("closes on the days of a calendar, and says which", () => {
    const friday = at("2026-04-03T08:00:00Z", "business-hours");
    expect(friday.kind).toBe("pending");
    expect(friday.found).toContain("calendar holidays");
    expect(friday.changesAt).toBe(Date.parse("2026-04-06T07:00:00Z"));
  });

  it("one open window of several is enough, and it says when the last of them closes", () => {
    const verdict = at("2026-03-30T15:30:00Z", ["business-hours", "london"]);
    expect(verdict).toMatchObject({ kind: "pass", changesAt: Date.parse("2026-03-30T16:00:00Z") });
  });

  it("never opens where no opening is left, and names no instant", () => {
    const verdict = at("2026-03-30T07:00:00Z", "never");
    expect(verdict).toMatchObject({ kind: "pending", need: "The window never does not open" });
    expect(verdict.changesAt).toBeUndefined();
  });

  it("a commit that ran here before passes by", () => {
    expect(
      at("2026-03-29T20:00:00Z", "business-hours", { before: [aRow("production", headSha)] }),
    ).toMatchObject({
      kind: "skipped",
      found: expect.stringContaining("ran in production before"),
    });
    expect(
      at("2026-03-29T20:00:00Z", "business-hours", {
        before: [aRow("production", headSha, { deploymentId: aDeployment.deploymentId })],
      }).kind,
    ).toBe("pending");
    expect(
      at("2026-03-29T20:00:00Z", "business-hours", { before: [aRow("staging", headSha)] }).kind,
    ).toBe("pending");
    expect(
      at("2026-03-29T20:00:00Z", "business-hours", { before: [aRow("production", sha("e"))] }).kind,
    ).toBe("pending");
    expect(
      at("2026-03-29T20:00:00Z", "business-hours", {
        before: [aRow("production", headSha, { succeededAt: null, state: "failure" })],
      }).kind,
    ).toBe("pending");
  });

  it("is unknown, never open, where a calendar file is not there, is broken, or cannot be read", () => {
    const where = { subject: aDeployment, policy: hours, now: monday };
    expect(
      judge(window, "filed", deploymentWorld({ calendars: { ".github/open.ics": null } }), where)
        .kind,
    ).toBe("unknown");
    expect(
      judge(
        window,
        "filed",
        deploymentWorld({
          calendars: { ".github/open.ics": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:nonsense" },
        }),
        where,
      ).kind,
    ).toBe("unknown");
    expect(
      judge(
        window,
        "filed",
        factsOf(
          cannotRead({
            fact: "calendar_file",
            key: 'calendar_file:{"path":".github/open.ics","from":"repository"}',
            params: null,
            describe: "the calendar",
          }),
        ),
        where,
      ).kind,
    ).toBe("unknown");
  });

  it.each([
    {
      what: "while it would be open",
      instant: "2026-03-30T08:00:00Z",
      kind: "unknown",
      need: "Nobody can say whether the window kept is open: there is no file .github/days.ics in the repository",
    },
    {
      what: "while it is closed anyway",
      instant: "2026-03-30T20:00:00Z",
      kind: "pending",
      need: "Nobody can say when the window kept opens: there is no file .github/days.ics in the repository",
    },
  ])(
    "names the calendar file that cannot be read $what, and who repairs it",
    ({ instant, kind, need }) => {
      const policy: PolicyContext = {
        owner: "acme",
        windows: {
          kept: {
            timezone: "UTC",
            open: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "07:00", to: "17:00" }],
            except: ["days"],
          },
        },
        calendars: { days: { ics: ".github/days.ics", timezone: "UTC" } },
      };
      const verdict = judge(
        window,
        "kept",
        deploymentWorld({ calendars: { ".github/days.ics": null } }),
        { subject: aDeployment, policy, now: Date.parse(instant) },
      );
      expect(verdict).toMatchObject({
        kind,
        need,
        next: expect.stringContaining("A maintainer of the policy repairs the calendar file"),
      });
    },
  );

  it("an old copy of a calendar stands in for one that cannot be read, and it says so", () => {
    const ics = [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "BEGIN:VEVENT",
      "UID:1",
      "DTSTART:20260302T090000Z",
      "DTEND:20260302T120000Z",
      "END:VEVENT",
      "END:VCALENDAR",
      "",
    ].join("\r\n");
    const facts = new Map(deploymentWorld());
    facts.set('calendar_file:{"path":".github/open.ics","from":"repository"}', {
      ok: true,
      value: { text: ics, staleSince: monday - 3_600_000 },
      evidence: [],
    });
    const verdict = judge(window, "filed", facts, {
      subject: aDeployment,
      policy: hours,
      now: monday,
    });
    expect(verdict).toMatchObject({ kind: "pass", warnings: [expect.stringContaining("stale")] });
  });

  it("holds merges as well, and asks nothing of a history there", () => {
    expect(
      judge(window, "business-hours", factsOf(), {
        subject: thePullRequest,
        policy: hours,
        now: Date.parse("2026-03-29T20:00:00Z"),
      }).kind,
    ).toBe("pending");
    expect(
      judge(window, "business-hours", factsOf(cannotRead(sameCommitDeployments.need())), {
        subject: aDeployment,
        policy: hours,
        now: Date.parse("2026-03-30T07:00:00Z"),
      }).kind,
    ).toBe("pass");
  });
});
