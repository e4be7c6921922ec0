import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "#core/formats/canonical-json.ts";
import type { FactResult } from "#core/model/fact.ts";
import { decideAgain } from "#core/record/decide-again.ts";
import type { DecisionInputs } from "#core/record/inputs.ts";
import { takeApart } from "#core/record/keep.ts";
import { compareOutcome, recordedOutcome } from "#core/record/outcome.ts";
import { digestsOf, putTogether, readDigests } from "#core/record/put-together.ts";

const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");
const preset =
  'version: 1\nrules:\n  - name: titled\n    require: { title: { pattern: "^feat" } }\n';
const own = "version: 1\nextends: gatehouse:ours\n";

const someInputs = (over: Partial<DecisionInputs> = {}): DecisionInputs => ({
  policy: {
    repository: { owner: "acme", name: "shop", properties: null },
    organization: null,
    own: { current: { kind: "text", text: own }, lastGood: own, binding: true },
    presets: new Map([
      ["ours", preset],
      ["another", "version: 1\n"],
    ]),
    extended: new Map(),
    digest: "d",
  },
  subject: { kind: "pull_request", repository: 1, number: 7 },
  facts: new Map<string, FactResult<unknown>>([
    [
      "text",
      {
        ok: true,
        value: { title: "feat: it", body: "" },
        evidence: [{ label: "title", url: "https://x/7" }],
      },
    ],
  ]),
  now: 1_800_000_000_000,
  holds: [],
  overrides: [],
  end: null,
  ...over,
});

const again = (inputs: DecisionInputs): DecisionInputs => {
  const { digests, kept } = takeApart(inputs, digestOf);
  const texts = new Map(kept.map(({ digest, text }) => [digest, text]));
  const read = readDigests(JSON.parse(canonicalJson(digests)));
  if (read === null) throw new Error("the digests cannot be read back");
  return putTogether(read, (digest) => texts.get(digest) ?? "");
};

describe("the inputs of a decision", () => {
  it("come back as they were, whatever the facts hold", () => {
    const fact: fc.Arbitrary<FactResult<unknown>> = fc.oneof(
      fc.record({
        ok: fc.constant(true as const),
        value: fc.jsonValue(),
        evidence: fc.array(fc.record({ label: fc.string(), url: fc.webUrl(), at: fc.nat() })),
      }),
      fc.record({
        ok: fc.constant(false as const),
        code: fc.constantFrom("not_found" as const, "unavailable" as const),
        message: fc.string(),
      }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
          fact,
        ),
        fc.nat(),
        (facts, now) => {
          const inputs = someInputs({ facts: new Map(Object.entries(facts)), now });
          const back = again(inputs);
          expect(canonicalJson(Object.fromEntries(back.facts))).toBe(canonicalJson(facts));
          expect(back).toMatchObject({
            now,
            subject: inputs.subject,
            holds: [],
            overrides: [],
            end: null,
          });
        },
      ),
    );
  });

  it("give the same decision again, to the last word", () => {
    const inputs = someInputs();
    const first = decideAgain(inputs);
    const record = recordedOutcome(first.answer, first.decision, digestOf);
    expect(record).toMatchObject({
      decision: "allow",
      rules: [{ name: "titled", verdict: "pass" }],
    });
    expect(compareOutcome(record, decideAgain(again(inputs)), digestOf)).toEqual({ kind: "same" });
  });

  it.each<readonly [string, Partial<DecisionInputs>, RegExp]>([
    [
      "another title",
      {
        facts: new Map([["text", { ok: true, value: { title: "chore", body: "" }, evidence: [] }]]),
      },
      /recorded allow, decided again deny/,
    ],
    ["a hold", { holds: [{ by: "bob", reason: "", at: 1 }] }, /recorded allow, decided again wait/],
    [
      "a fact that cannot be read",
      { facts: new Map([["text", { ok: false, code: "forbidden", message: "no" }]]) },
      /decided again wait/,
    ],
  ])("%s is told apart", (_what, over, because) => {
    const record = recordedOutcome("allow", decideAgain(someInputs()).decision, digestOf);
    expect(compareOutcome(record, decideAgain(again(someInputs(over))), digestOf)).toEqual({
      kind: "other",
      because: expect.stringMatching(because),
    });
  });

  it("other words for the same decision are no other decision", () => {
    const first = decideAgain(someInputs());
    const record = {
      ...recordedOutcome(first.answer, first.decision, digestOf),
      outcome: "0".repeat(64),
    };
    expect(compareOutcome(record, first, digestOf)).toEqual({ kind: "words" });
  });

  it("equal pieces are kept once, and presets that no file names are not", () => {
    const one = takeApart(someInputs(), digestOf);
    const two = takeApart(
      someInputs({ now: 5, subject: { kind: "pull_request", repository: 1, number: 8 } }),
      digestOf,
    );
    const shared = digestsOf(one.digests).filter((digest) =>
      digestsOf(two.digests).includes(digest),
    );
    expect(shared).toEqual([one.digests.policy, one.digests.facts["text"]]);
    expect(one.kept.some(({ text }) => text.includes("another"))).toBe(false);
  });

  it("a fact too large to be kept is named, with its digest", () => {
    const { digests, kept } = takeApart(
      someInputs({
        facts: new Map([["huge", { ok: true, value: "x".repeat(9 * 1024 * 1024), evidence: [] }]]),
      }),
      digestOf,
    );
    expect(digests).toMatchObject({
      leftOut: ["huge"],
      facts: { huge: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(kept).toHaveLength(2);
  });

  it.each([[null], [{}], [{ policy: "x" }]])("what is no list of digests is none: %o", (value) => {
    expect(readDigests(value)).toBeNull();
  });
});
