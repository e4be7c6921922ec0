import { compileSchedule } from "#core/calendar/compile.ts";
import { nextOpening } from "#core/calendar/next-opening.ts";
import { windowAt } from "#core/calendar/window.ts";
import { validatePolicy } from "#core/policy/validate.ts";
import type { Simulator } from "@gatehouse/github-simulator";
import { ms, percentile, seconds, type Row } from "./row.ts";
import { countedCalls, openWorld, quiet, repo, until } from "./world.ts";

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);

/** A calendar of 2,000 events: single days, spread over ten years. */
function calendarText(events: number): string {
  const stamp = (at: number): string => new Date(at).toISOString().slice(0, 10).replaceAll("-", "");
  const lines = Array.from({ length: events }, (_, n) => {
    const at = start + Math.floor((n * 3650) / events) * day;
    return [
      "BEGIN:VEVENT",
      `UID:${n}@bench`,
      `DTSTART;VALUE=DATE:${stamp(at)}`,
      `DTEND;VALUE=DATE:${stamp(at + day)}`,
      `SUMMARY:Day ${n}`,
      "END:VEVENT",
    ];
  });
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines.flat(), "END:VCALENDAR", ""].join("\r\n");
}

/**
 * Twenty windows that a calendar closes and twenty freezes; the first takes every day on which a window opens, so that
 * the search has to walk through all ten years and finds nothing: its worst case.
 */
function policyText(): string {
  const zones = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "UTC"];
  const windows = Array.from(
    { length: 20 },
    (_, n) =>
      `  w${n}: { timezone: ${zones[n % zones.length] ?? "UTC"}, open: [{ days: [mon, tue, wed, thu], from: "0${n % 10}:00", to: "1${n % 10}:30" }], except: [busy] }`,
  );
  const freezes = Array.from({ length: 20 }, (_, n) =>
    n === 0
      ? '  - { name: f0, timezone: UTC, during: { days: [sun, mon, tue, wed, thu, fri], from: "00:00", to: "24:00" } }'
      : `  - { name: f${n}, timezone: ${zones[n % zones.length] ?? "UTC"}, during: [{ month_end: { last_business_days: ${1 + (n % 5)}, calendar: busy } }, { cron: "${n} ${n} * * ${n % 7}", duration: 4h }] }`,
  );
  return `version: 1\nwindows:\n${windows.join("\n")}\ncalendars: { busy: { ics: .github/busy.ics, timezone: Europe/Berlin } }\nfreezes:\n${freezes.join("\n")}\n`;
}

function calendarRows(): readonly Row[] {
  const { policy } = validatePolicy(policyText(), { presets: new Map() });
  if (policy === undefined) throw new Error("the bench's policy is not valid");
  const { schedule } = compileSchedule(policy.policy, { file: () => calendarText(2_000) });
  const windows = [...schedule.windows.keys()];
  const requirement = { windows: [windows], freezes: [...schedule.freezes.keys()] };
  const horizon = start + 10 * 366 * day;
  // Each search starts a minute after the one before: no answer is one that was given already.
  const search = (_: unknown, n: number): number => {
    const from = performance.now();
    nextOpening(schedule, requirement, start + n * 60_000, horizon);
    return performance.now() - from;
  };
  const cold = search(undefined, 0);
  const warm = Array.from({ length: 50 }, (_, n) => search(undefined, n + 1));
  const checks = 20_000;
  const look = (): number => {
    const from = performance.now();
    for (let n = 0; n < checks; n += 1)
      windowAt(
        schedule,
        windows[n % windows.length] ?? "w0",
        start + ((n * 7_919) % 365) * day + n * 1_000,
      );
    return ((performance.now() - from) * 1_000) / checks;
  };
  look();
  const each = Math.min(look(), look(), look());
  const found = nextOpening(schedule, requirement, start, horizon);
  return [
    {
      name: "next opening over ten years, 20 windows, 20 freezes, 2,000 events",
      budget: "< 5 ms warm",
      measured: `p50 ${ms(percentile(warm, 0.5))}, p99 ${ms(percentile(warm, 0.99))}, first ${ms(cold)}, ${found.kind === "at" ? new Date(found.at).toISOString() : found.kind}`,
      kept: percentile(warm, 0.5) < 5,
    },
    {
      name: "window check, at any instant of a year, warm",
      budget: "< 50 µs",
      measured: `${each.toFixed(1)} µs`,
      kept: each < 50,
    },
  ];
}

const always =
  'windows:\n  always: { timezone: UTC, open: [{ days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "24:00" }] }\n';

/** State of the door of every deployment in these repositories. */
function doors(sim: Simulator, repos: readonly string[]): readonly string[] {
  return repos.flatMap((name) =>
    [...(sim.world.repos.get(sim.world.repoNames.get(name) ?? 0)?.deployments.values() ?? [])].map(
      (deployment) => deployment.gate?.state ?? "ungated",
    ),
  );
}

/** Calls from the question to the approval, warm. */
async function callRow(): Promise<Row> {
  const world = await openWorld(
    `version: 1\nrules:\n  - { name: hours, when: { environments: [production] }, require: { window: always } }\n  - { name: tests, applies_to: deployment, require: { checks: { names: [unit], app: ci } } }\n${always}`,
  );
  const { sim } = world;
  try {
    sim.environment({ repo, name: "production", gate: true });
    const head =
      sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.refs.get("refs/heads/main") ?? "";
    sim.checkRun({
      repo,
      sha: head,
      name: "unit",
      app: "ci",
      status: "completed",
      conclusion: "success",
    });
    sim.deploy({ repo, environment: "production", actor: "bob" });
    await until("a first approval", () =>
      doors(sim, [repo]).every((state) => state === "approved"),
    );
    await quiet(sim);
    sim.resetCalls();
    sim.deploy({ repo, environment: "production", actor: "bob" });
    await until("an approval", () => doors(sim, [repo]).every((state) => state === "approved"));
    await quiet(sim);
    const calls = countedCalls(sim).length;
    return {
      name: "deployment asked and approved",
      budget: "≤ 6 calls",
      measured: `${calls} calls`,
      kept: calls <= 6,
    };
  } finally {
    await world.close();
  }
}

/** The comment waits a moment for what else happens at once. */
const toldMs = 5_000;

/** Calls of one ring, from the question to the end of its deployment, with the comment that tells of the rollout. */
async function ringRow(): Promise<Row> {
  const world = await openWorld(
    `version: 1\nrules:\n  - { name: proven, when: { environments: [production] }, require: { promoted_from: { environment: staging } } }\n`,
  );
  const { sim } = world;
  try {
    for (const name of ["staging", "production"]) sim.environment({ repo, name, gate: true });
    const { number } = sim.openPull({ repo, author: "ada", files: { "src/a.ts": "2\n" } });
    await quiet(sim, toldMs);
    sim.mergePull({ repo, number, by: "bob" });
    await quiet(sim, toldMs);
    const goes = async (environment: string): Promise<void> => {
      const [asked] = sim.deploy({ repo, environment, actor: "bob" }).deployments;
      await until(`an approval of ${environment}`, () =>
        doors(sim, [repo]).every((state) => state === "approved"),
      );
      await quiet(sim, toldMs);
      sim.finishDeployment({ repo, deployment: asked?.id ?? 0 });
      await quiet(sim, toldMs);
    };
    await goes("staging");
    sim.resetCalls();
    await goes("production");
    const calls = countedCalls(sim);
    const edits = calls.filter(({ path }) => path.includes("/issues/")).length;
    return {
      name: "one ring of a rollout, asked, approved and ended, with its comment",
      budget: "≤ 8 calls, ≤ 3 of them for the comment",
      measured: `${calls.length} calls, ${edits} of them for the comment`,
      kept: calls.length <= 8 && edits <= 3,
    };
  } finally {
    await world.close();
  }
}

const organizations = 10;
const perOrganization = 50;
/** Room for 500 to be asked and held before they may open, and for the limits of that minute to have passed. */
const heldForMs = 150_000;

/** 500 deployments held by one opening. GitHub's 900 points a minute hold for each installation: they are spread over ten. */
async function storm(): Promise<Row> {
  const opening = Math.ceil((Date.now() + heldForMs) / 1_000) * 1_000;
  const local = new Date(opening).toISOString().slice(0, 19);
  const later = new Date(opening + 10 * day).toISOString().slice(0, 19);
  const policy = `version: 1\nrules:\n  - { name: hours, when: { environments: [production] }, require: { window: soon } }\nwindows:\n  soon: { timezone: UTC, open: [{ from: "${local}", until: "${later}" }] }\n`;
  const world = await openWorld(policy, {
    latencyMs: 80,
    process: { env: { GITHUB_LIMITS: "on", WORKERS: "50" } },
  });
  const { sim } = world;
  sim.webhook({ concurrency: 50 });
  const repos = Array.from({ length: organizations }, (_, n) => {
    const owner = `acme-${n}`;
    sim.org({ login: owner, members: ["ada"] });
    sim.repo({
      name: `${owner}/shop`,
      files: { ".github/gatehouse.yml": policy, "src/a.ts": "1\n" },
    });
    sim.environment({ repo: `${owner}/shop`, name: "production", gate: true });
    return `${owner}/shop`;
  });
  try {
    for (const name of repos)
      for (let n = 0; n < perOrganization; n += 1)
        sim.deploy({ repo: name, environment: "production", actor: "ada" });
    await until("the opening", () => Date.now() >= opening, heldForMs + 60_000);
    const early = doors(sim, repos).filter((state) => state !== "waiting").length;
    await until(
      "every answer",
      () => doors(sim, repos).every((state) => state === "approved"),
      300_000,
    );
    const took = Date.now() - opening;
    const refused = sim.calls.filter((call) => call.status === 403 || call.status === 429).length;
    return {
      name: `${organizations * perOrganization} waiting deployments open at once, 80 ms latency, ${organizations} installations, limiter on`,
      budget: "all answered within 60 s, none before",
      measured: `${seconds(took)}, ${early} before the opening, ${refused} refusals`,
      kept: took <= 60_000 && early === 0,
    };
  } finally {
    await world.close();
  }
}

export async function run(): Promise<readonly Row[]> {
  return [...calendarRows(), await callRow(), await ringRow(), await storm()];
}
