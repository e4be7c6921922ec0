import { describe, expect, it } from "vitest";
import { ask, outcome } from "./ask.ts";
import { fail, pass, pending, ruleOf, table, unknown, type Row } from "./table.ts";

const severities = ["critical", "high", "medium", "low"] as const;
const finding = (more: string): string =>
  `scans: [codeql]\nfindings: [{ id: CVE-1, tool: codeql, ${more} }]`;

table("each severity at each threshold", [
  ...severities.flatMap((block, i) =>
    severities.map((severity, j): Row => [
      `block: ${block}, a ${severity} one`,
      `{ findings: { block: ${block} } }`,
      finding(`severity: ${severity}`),
      j <= i ? fail : pass,
    ]),
  ),
  ...severities.flatMap((block, i) =>
    severities.map((assumed, j): Row => [
      `block: ${block}, unrated: ${assumed}`,
      `{ findings: { block: ${block}, unrated: ${assumed} } }`,
      finding("severity: unrated"),
      j <= i ? fail : pass,
    ]),
  ),
]);

const kinds = ["code", "dependency", "container", "secret", "license", "iac"] as const;
table("each kind", [
  ...kinds.map((kind): Row => [
    `kinds: ${kind}, one of it`,
    `{ findings: { kinds: [${kind}], require_scan: none } }`,
    `findings: [{ id: a, kind: ${kind}, severity: critical }]`,
    fail,
  ]),
  ...kinds.map((kind): Row => [
    `kinds: all but ${kind}`,
    `{ findings: { kinds: [${kinds.filter((other) => other !== kind).join(", ")}], require_scan: none } }`,
    `findings: [{ id: a, kind: ${kind}, severity: critical }]`,
    pass,
  ]),
]);

table("tools", [
  [
    "one of two",
    "{ findings: { tools: [trivy, codeql], require_scan: none } }",
    "findings: [{ id: a, tool: trivy, severity: critical }]",
    fail,
  ],
  ["any scan, but of another tool", "{ findings: { tools: [trivy] } }", "scans: [codeql]", pending],
  ["any scan, of this tool", "{ findings: { tools: [trivy] } }", "scans: [trivy]", pass],
]);

table("require_scan and from", [
  [
    "any, and several scanned",
    "{ findings: { require_scan: any } }",
    "scans: [codeql, trivy]",
    pass,
  ],
  [
    "none, with an explicit source that did not answer",
    "{ findings: { require_scan: none, from: [code-scanning] } }",
    "{}",
    pending,
  ],
  [
    "a tool, told in another case",
    "{ findings: { require_scan: [CodeQL] } }",
    "scans: [CODEQL]",
    pass,
  ],
  [
    "two tools, both",
    "{ findings: { require_scan: [trivy, codeql] } }",
    "scans: [trivy, codeql]",
    pass,
  ],
  [
    "a blocking finding beats a missing scan",
    "{ findings: { require_scan: [trivy] } }",
    finding("severity: critical"),
    fail,
  ],
  [
    "from: two sources, one silent",
    "{ findings: { from: [code-scanning, dependabot] } }",
    "scans: [codeql]",
    pending,
  ],
  [
    "from: two sources, both",
    "{ findings: { from: [code-scanning, dependabot] } }",
    "scans: [codeql, dependabot]",
    pass,
  ],
  ["from: artifacts", "{ findings: { from: [artifacts] } }", "scans: [trivy]", pass],
  [
    "from: dependency-review",
    "{ findings: { from: [dependency-review] } }",
    "scans: [dependency-review]",
    pass,
  ],
  [
    "scans unreadable where none is asked for",
    "{ findings: { require_scan: none } }",
    "unreadable: [scans]",
    unknown,
  ],
]);

const waiver = (more: string): string =>
  `waivers: [{ ${more}, owner: octocat, reason: not reachable }]\n`;
const lodash =
  'findings: [{ id: CVE-1, kind: dependency, tool: dependabot, severity: critical, package: "pkg:npm/lodash@4.17.20" }]\n';
describe("waivers", () => {
  it.each<[string, string, string, string]>([
    ["of this finding", waiver("finding: CVE-1, until: 2027-01-31"), lodash, pass],
    ["in another case", waiver("finding: cve-1, until: 2027-01-31"), lodash, pass],
    ["of another finding", waiver("finding: CVE-2, until: 2027-01-31"), lodash, fail],
    [
      "of this package",
      waiver('finding: CVE-1, package: "pkg:npm/lodash@4.17.20", until: 2027-01-31'),
      lodash,
      pass,
    ],
    [
      "of another version",
      waiver('finding: CVE-1, package: "pkg:npm/lodash@4.17.21", until: 2027-01-31'),
      lodash,
      fail,
    ],
    [
      "of another package",
      waiver('finding: CVE-1, package: "pkg:npm/underscore@4.17.20", until: 2027-01-31'),
      lodash,
      fail,
    ],
    [
      "on its last day",
      waiver("finding: CVE-1, until: 2026-03-30"),
      `${lodash}now: 2026-03-30T23:59:59Z\n`,
      pass,
    ],
    [
      "after its last day",
      waiver("finding: CVE-1, until: 2026-03-30"),
      `${lodash}now: 2026-03-31T00:00:00Z\n`,
      fail,
    ],
    [
      "does not stand for a scan",
      waiver("finding: CVE-1, until: 2027-01-31"),
      "findings: [{ id: CVE-1, severity: critical }]\n",
      "wait r=pending",
    ],
    [
      "of one of two",
      waiver("finding: CVE-1, until: 2027-01-31"),
      "findings: [{ id: CVE-1, severity: critical }, { id: CVE-2, severity: critical }]\n",
      fail,
    ],
  ])("%s", async (what, waivers, facts, expected) => {
    const scanned = what === "does not stand for a scan" ? "" : "scans: [dependabot]\n";
    const now = facts.includes("now:") ? "" : "now: 2026-03-30T12:00:00Z\n";
    expect(
      await outcome({
        policy: `${ruleOf("{ findings: {} }")}${waivers}`,
        facts: `${facts}${scanned}${now}`,
      }),
    ).toBe(expected);
  });

  it("is shown, with its owner and its end", async () => {
    const { json } = await ask({
      policy: `${ruleOf("{ findings: { require_scan: none } }")}${waiver("finding: CVE-1, until: 2027-01-31")}`,
      facts: `${lodash}now: 2026-03-30T12:00:00Z\n`,
    });
    expect(json?.summary).toMatch(/CVE-1/);
    expect(json?.summary).toMatch(/octocat/);
    expect(json?.summary).toMatch(/2027-01-31/);
  });
});

table("coverage", [
  ["a plain number is the project's", "{ coverage: {} }", "coverage: 80", pass],
  ["a plain number below", "{ coverage: {} }", "coverage: 79", fail],
  ["all of it", "{ coverage: { project: 100 } }", "coverage: 100", pass],
  ["nearly all of it", "{ coverage: { project: 100 } }", "coverage: 99.99", fail],
  ["nothing asked for", "{ coverage: { project: 0 } }", "coverage: 0", pass],
  ["nothing asked for, and no report", "{ coverage: { project: 0 } }", "{}", pending],
  ["project not measured", "{ coverage: {} }", "coverage: { patch: 100 }", pending],
  ["null is not measured", "{ coverage: {} }", "coverage: { project: null }", pending],
  [
    "max_drop without a base",
    "{ coverage: { max_drop: 1 } }",
    "coverage: { project: 90 }",
    pending,
  ],
  [
    "max_drop of nothing, it fell a little",
    "{ coverage: { max_drop: 0 } }",
    "coverage: { project: 89.99, base: 90 }",
    fail,
  ],
  [
    "max_drop met and project missed",
    "{ coverage: { project: 95, max_drop: 5 } }",
    "coverage: { project: 90, base: 91 }",
    fail,
  ],
  [
    "a failed project beats a patch that was not measured",
    "{ coverage: { project: 95, patch: 90 } }",
    "coverage: { project: 90 }",
    fail,
  ],
  [
    "patch exactly",
    "{ coverage: { project: 0, patch: 80 } }",
    "coverage: { project: 1, patch: 80 }",
    pass,
  ],
  ["decimals in the policy", "{ coverage: { project: 79.95 } }", "coverage: 79.95", pass],
]);

const only = (license: string): string => `licenses: { lodash: ${license} }`;
table("licences", [
  [
    "an exception that is not allowed",
    "{ licenses: { allow: [GPL-2.0-only] } }",
    only("GPL-2.0-only WITH Classpath-exception-2.0"),
    fail,
  ],
  [
    "an exception that is allowed",
    "{ licenses: { allow: [GPL-2.0-only WITH Classpath-exception-2.0] } }",
    only("GPL-2.0-only WITH Classpath-exception-2.0"),
    pass,
  ],
  [
    "or later, where the older one alone is allowed",
    "{ licenses: { allow: [GPL-2.0-only] } }",
    only("GPL-2.0-or-later"),
    pass,
  ],
  ["parentheses", "{ licenses: { allow: [MIT, ISC] } }", only("(MIT AND ISC)"), pass],
  [
    "a choice without an allowed one",
    "{ licenses: { allow: [MIT] } }",
    only("GPL-3.0-only OR AGPL-3.0-only"),
    fail,
  ],
  [
    "a choice with a denied one",
    "{ licenses: { deny: [GPL-3.0-only] } }",
    only("MIT OR GPL-3.0-only"),
    pass,
  ],
  [
    "a choice of denied ones",
    "{ licenses: { deny: [GPL-3.0-only, AGPL-3.0-only] } }",
    only("GPL-3.0-only OR AGPL-3.0-only"),
    fail,
  ],
  [
    "both, one of them denied",
    "{ licenses: { deny: [GPL-3.0-only] } }",
    only("MIT AND GPL-3.0-only"),
    fail,
  ],
  ["no expression at all", "{ licenses: { allow: [MIT] } }", only("see LICENSE"), fail],
  [
    "no expression, which only warns",
    "{ licenses: { allow: [MIT], unknown: warn } }",
    only("see LICENSE"),
    pass,
  ],
  [
    "unknown beside a denied one",
    "{ licenses: { deny: [GPL-3.0-only], unknown: warn } }",
    "licenses: { a: null, b: GPL-3.0-only }",
    fail,
  ],
  [
    "one of two not allowed",
    "{ licenses: { allow: [MIT] } }",
    "licenses: { a: MIT, b: ISC }",
    fail,
  ],
  ["an empty table", "{ licenses: { allow: [MIT] } }", "licenses: {}", pass],
]);
