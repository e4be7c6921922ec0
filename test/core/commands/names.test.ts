import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  button,
  deploymentOfCheck,
  isStale,
  readButton,
  saidByButton,
} from "#core/commands/buttons.ts";
import { firstName } from "#core/commands/arguments.ts";
import { commands } from "#core/commands/index.ts";
import { execute } from "#core/commands/execute.ts";
import { parseCommands } from "#core/commands/parse.ts";
import { environments } from "#core/facts/repository.ts";
import { lookUp } from "#core/model/fact.ts";
import { subjectKey } from "#core/model/subject.ts";
import { argumentText, commandSpan, commandText } from "#core/text/command-text.ts";
import { inertWithCommands } from "#core/text/markdown.ts";
import { alice, bob, cannotRead, carol, dave, headSha, monday, tell } from "../build.ts";
import { anAct } from "../overrides/builders.ts";
import { effective } from "../policy/some-policy.ts";
import { aDeploymentRow, facts, mergeSha, say, type Saying } from "./a-call.ts";

const policy = effective({
  own: `
version: 1
rules:
  - name: release-approval
    when: { environments: ["production*", staging, "qa europe"] }
    require: { approvals: { count: 1 } }
  - { name: approved-anywhere, require: { approvals: {} } }
freezers: { users: [dave] }
`,
});
const names = ["production", "production EU", "production EU west", "Staging"];
const there: Saying = {
  policy,
  by: dave,
  place: { state: "merged", mergeSha },
  table: facts(tell(environments.need(), names)),
  over: { deployments: [aDeploymentRow(), aDeploymentRow({ environment: "production EU" })] },
};
const said = (body: string, over: Saying = {}): string => {
  const { outcomes, acts } = say(body, { ...there, ...over });
  const act = acts[0];
  if (act !== undefined)
    return `${act.kind} [${act.environment ?? act.name ?? ""}]${act.sha === null ? "" : ` ${act.sha.slice(0, 1)}`} ${act.reason}`.trim();
  const outcome = outcomes[0];
  return outcome === undefined ? "not known" : `${outcome.kind}: ${outcome.says ?? ""}`;
};

describe("W2: a name is never read for another", () => {
  it.each([
    ["/gate approve production", "approve [production] c"],
    ['/gate approve "production EU"', "approve [production EU] c"],
    ["/gate approve 'production EU'", "approve [production EU] c"],
    ["/gate approve \u201cproduction EU\u201d", "approve [production EU] c"],
    ["/gate approve production EU", "approve [production EU] c"],
    ["/gate approve PRODUCTION  eu", "approve [production EU] c"],
    ['/gate approve "production EU" ccccccc', "approve [production EU] c"],
    ["/gate approve production EU ccccccc it ran well", "approve [production EU] c it ran well"],
    ["/gate approve production ccccccc", "approve [production] c"],
    ['/gate approve "production" it ran well', "approve [production] c it ran well"],
    ["/gate approve production, it ran well", "approve [production] c it ran well"],
    [
      "/gate reject production EU the migration is missing",
      "reject [production EU] c the migration is missing",
    ],
    [
      "/gate reject production the migration is missing",
      "reject [production] c the migration is missing",
    ],
    ["/gate freeze production EU west books close", "freeze [production EU west] books close"],
    ["/gate freeze production EU books close", "freeze [production EU] books close"],
    ["/gate freeze qa europe books close", "freeze [qa europe] books close"],
    ['/gate freeze "production*" books close', "freeze [production*] books close"],
    ["/gate freeze staging as month end", "freeze [Staging] end"],
  ])("%s is %s", (body, expected) => {
    expect(said(body)).toBe(expected);
  });

  it.each([
    [
      "/gate approve production US",
      /no environment production US here.*`\/gate approve production`.*`\/gate approve "production US"`/,
    ],
    ["/gate approve production looks good", /no environment production looks good here/],
    ["/gate freeze production UE books close", /cannot be told.*`\/gate freeze "production EU"`/],
    ["/gate reject production ue it is broken", /cannot be told/],
    ["/gate approve production, but not before noon", /reads like a condition/],
    ['/gate approve "production" when tests pass', /reads like a condition/],
    ["/gate approve production ccccccc unless it rains", /reads like a condition/],
    ["/gate approve production, it is fine; don't deploy today", /reads like a condition/],
    ['/gate freeze "production UE" books', /no environment production UE here/],
    ["/gate when production eu now", /nothing may follow/],
    ["/gate approve productoin", /no environment productoin here\. Did you mean production\?/],
  ])("%s is refused", (body, says) => {
    expect(said(body)).toMatch(/^refused/);
    expect(said(body)).toMatch(says);
  });

  it("waits while the repository's environments cannot be read: one may be the longer name", () => {
    const blind = { table: facts(cannotRead(environments.need())) };
    expect(said("/gate reject production it is broken", blind)).toBe("not known");
    expect(said('/gate reject "production" it is broken', blind)).toBe(
      "reject [production] c it is broken",
    );
  });

  it("unfreeze finds a freeze by a name with blanks", () => {
    const acts = [
      anAct("freeze", {
        actor: dave,
        id: "f",
        environment: "production EU",
        name: "production EU",
        reason: "x",
      }),
    ];
    for (const body of [
      "/gate unfreeze production EU it is over",
      '/gate unfreeze "production EU" it is over',
    ])
      expect(said(body, { acts })).toBe("unfreeze [production EU] it is over");
    expect(said("/gate unfreeze production it is over", { acts })).toMatch(/^refused: No freeze/);
  });

  it.each([
    "production",
    "production EU",
    "a/b",
    "policy",
    "to",
    "O'Brien's",
    'say "hi"',
    "a, b",
    "production  EU",
    "\u201eproduction",
    "\u201cproduction",
    "`x` y",
    "production,",
    "production:",
    "a\\b",
  ])("%s comes back from what is printed", (name) => {
    const printed = commandText("approve", name);
    const [command] = parseCommands(printed, { slug: "x", bare: false });
    expect(command?.rest).toBe(argumentText(name));
    const table = facts(tell(environments.need(), [name, "production"]));
    expect(said(printed, { table, over: { deployments: [] } })).toBe(`approve [${name}] c`);
  });
});

const odd = [
  ..."abz 09 .,:;'\"\\/#@!*_~^{}()[]<>|&$%?=+-`",
  "<!-- x -->",
  "```",
  "](x)",
  "\\u{41}",
  "&lt;",
  "\n",
  "\r\n",
  "\t",
  "\u2028",
  "\u0085",
  "\u00a0",
  "\u200b",
  "\u202e",
  "\ud83d\ude80",
  "\u26a0\ufe0f",
  "\ud800",
  "  ",
  "/gate hold",
];

describe("a name with odd characters", () => {
  it("law: what is printed can be typed as it is printed, and means that name", () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.constantFrom(...odd), { minLength: 1, maxLength: 12 })
          .map((all) => all.join("")),
        (name) => {
          const printed = commandText("approve", name);
          for (const body of [printed, `Hello\n\n${printed}\n\n| a |\n|---|\n`]) {
            const found = parseCommands(body, { slug: "x", bare: false });
            expect(found.map(({ name: command }) => command)).toEqual(["approve"]);
            expect(firstName(found[0]?.rest ?? "").word).toBe(name);
          }
          const span = commandSpan("approve", name);
          expect(inertWithCommands(span)).toBe(span);
          expect(span).not.toMatch(/[^\S ]|[\p{C}\p{Zl}\p{Zp}]| {2}/u);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("a character that does not exist is no character", () => {
    expect(firstName('"\\u{110000}"').word).toBe("\\u{110000}");
    expect(firstName('"a\\u{2028}b" rest')).toEqual({
      word: "a\u2028b",
      rest: "rest",
      isQuoted: true,
    });
  });
});

describe("W2: a button answers for its own environment", () => {
  const external = (environment: string): string =>
    `${subjectKey({ kind: "deployment", repository: 1, deploymentId: 5, environment, sha: mergeSha, ref: "main", runId: null })}:${mergeSha.slice(0, 12)}:abcdef012345`;

  it.each([
    "production",
    "production EU",
    "policy",
    "gatehouse / production",
    "a:b:c",
    "production 0123456789ab",
    "to",
  ])("%s", (environment) => {
    expect(deploymentOfCheck(external(environment))).toEqual({ deploymentId: 5, environment });
    const pressed = readButton(button("approve", 0).identifier);
    const command = pressed === null ? null : saidByButton(pressed, { environment, sha: mergeSha });
    const table = facts();
    const { acts } = execute(
      command === null ? [] : [command],
      {
        id: "button:1",
        actor: dave,
        at: monday,
        now: monday,
        context: {
          repository: 1,
          owner: "acme",
          name: "shop",
          number: 7,
          state: "merged",
          headSha,
          mergeSha,
          author: alice,
          seenSha: headSha,
          labels: [],
        },
        policy,
        acts: [],
        deployments: [aDeploymentRow(), aDeploymentRow({ environment })],
        commitsOnProtectionRules: [],
        reviews: [],
        decision: null,
        ask: (need) => {
          const result = lookUp(table, need);
          return result?.ok === true ? result.value : undefined;
        },
      },
      commands,
    );
    expect(acts).toMatchObject([{ kind: "approve", environment, sha: mergeSha }]);
  });

  it.each([
    "pr:1:7:0123456789ab:abcdef012345",
    "policy:1:7:0123456789ab:abcdef012345",
    "",
    "dep:1",
  ])("%s is no deployment's", (externalId) => {
    expect(deploymentOfCheck(externalId)).toBeNull();
  });

  it("W31: is old only where something was said that makes it say something else", () => {
    const pressed = (name: string) => readButton(`${name}:1`) ?? { name: "recheck", acts: 0 };
    const first = anAct("approve", { actor: carol, id: "1" });
    const then = (kind: "approve" | "reject" | "hold" | "override") => [
      first,
      anAct(kind, { actor: bob, id: "2" }),
    ];
    expect(isStale(pressed("approve"), then("approve"))).toBe(false);
    expect(isStale(pressed("approve"), then("reject"))).toBe(true);
    expect(isStale(pressed("hold"), then("hold"))).toBe(true);
    expect(isStale(pressed("hold"), then("override"))).toBe(false);
    expect(isStale(pressed("confirm"), then("override"))).toBe(true);
    expect(isStale(pressed("unhold"), [])).toBe(true);
    expect(isStale(pressed("recheck"), [])).toBe(false);
  });
});

describe("W43: commands as people write them", () => {
  const words = (body: string): readonly string[] =>
    parseCommands(body, { slug: "gatehouse", bare: true }).map(
      ({ name, word, nearest, rest }) => `${name ?? `?${word}~${nearest ?? ""}`}(${rest})`,
    );
  it.each([
    ["/gate hold, waiting on legal", ["hold(waiting on legal)"]],
    ["/gate hold: waiting on legal", ["hold(waiting on legal)"]],
    ["/gate hold - waiting on legal", ["hold(waiting on legal)"]],
    ["/gate hold \u2014 waiting on legal", ["hold(waiting on legal)"]],
    ["/gate hold.", ["hold()"]],
    ["/gate hold! now", ["hold(now)"]],
    ["/gate hold (legal)", ["hold((legal))"]],
    ["/gate hold(legal)", ["hold((legal))"]],
    ["/hold, legal", ["hold(legal)"]],
    ["/gate override-cancel, sorry", ["override-cancel(sorry)"]],
    ['/gate approve"production EU"', ['approve("production EU")']],
    ["@gatehouse, hold please", ["hold(please)"]],
    ["@gatehouse: hold please", ["hold(please)"]],
    ["/gate holds", ["?holds~hold()"]],
    ["/gate hold/it", ["?hold/it~()"]],
    ["/aprove production", ["?aprove~approve(production)"]],
    [
      "/override emergency x\n/confirm\n/gate status",
      ["override(emergency x)", "confirm()", "status()"],
    ],
    ["/lgtm", []],
    ["/retest", []],
    ["/holdon", []],
  ])("%s is %j", (body, expected) => {
    expect(words(body)).toEqual(expected);
  });

  it.each(["cancel", "Cancel", "cancel."])("/hold %s lifts a hold", (word) => {
    expect(
      say(`/hold ${word}`, { acts: [anAct("hold", { actor: carol, id: "h" })] }).acts,
    ).toMatchObject([{ kind: "unhold" }]);
  });

  it("/hold cancel with more words holds, with a reason", () => {
    expect(say("/hold cancel the release train first").acts).toMatchObject([
      { kind: "hold", reason: "cancel the release train first" },
    ]);
  });

  it.each([
    ["2026-11-30T00:05:54.294Z", "2026-11-30T00:05:54.294Z"],
    ["2026-11-30T00:05:54Z", "2026-11-30T00:05:54.000Z"],
    ["2026-11-30T01:05:54.5+01:00", "2026-11-30T00:05:54.500Z"],
    ["2026-11-30T01:05:54.123456789+0100", "2026-11-30T00:05:54.123Z"],
    ["2026-11-30 01:05:54.250", "2026-11-30T00:05:54.250Z"],
  ])("until %s is understood", (text, expected) => {
    const { acts } = say(`/freeze production until ${text} books close`, {
      by: carol,
      now: Date.parse("2026-06-01T00:00Z"),
    });
    expect(acts).toMatchObject([
      { kind: "freeze", reason: "books close", expiresAt: Date.parse(expected) },
    ]);
  });

  it("a second person who asks for the same override confirms it, with or without a reason", () => {
    const asked = say("/override emergency down, OPS-1", { by: bob }).acts;
    for (const body of [
      "/override emergency down, OPS-1",
      "/emergency it is down",
      "/override emergency",
      "/override reviewed x",
    ])
      expect(say(body, { by: carol, acts: asked, id: "comment:2" }).acts).toMatchObject([
        { kind: "confirm", name: "emergency", detail: { override: asked[0]?.id } },
      ]);
    // Who asked does not count twice, and who has no right not at all.
    expect(say("/override emergency down, OPS-1", { by: bob, acts: asked }).acts).toEqual([]);
    expect(say("/override emergency down, OPS-1", { by: dave, acts: asked }).acts).toEqual([]);
  });
});
