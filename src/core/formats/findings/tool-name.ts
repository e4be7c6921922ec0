import type { FindingKind } from "./finding.ts";

/** Scanner families by how their names begin once reduced to letters and digits; the first match wins. */
const families: readonly (readonly [prefix: string, id: string])[] = [
  ["codeql", "codeql"],
  ["lgtm", "codeql"],
  ["semgrep", "semgrep"],
  ["opengrep", "semgrep"],
  ["trivy", "trivy"],
  ["grype", "grype"],
  ["snyk", "snyk"],
  ["yarnaudit", "yarn-audit"],
  ["yarnnpmaudit", "yarn-audit"],
  ["npmaudit", "npm-audit"],
  ["pipaudit", "pip-audit"],
  ["bandit", "bandit"],
  ["gitleaks", "gitleaks"],
  ["gosec", "gosec"],
  ["checkov", "checkov"],
  ["bridgecrew", "checkov"],
  ["tfsec", "tfsec"],
  ["defsec", "tfsec"],
  ["trufflehog", "trufflehog"],
  ["eslint", "eslint"],
  ["zizmor", "zizmor"],
  ["cargoaudit", "cargo-audit"],
  ["osvscanner", "osv-scanner"],
  ["dependencycheck", "dependency-check"],
  ["detectsecrets", "detect-secrets"],
  ["brakeman", "brakeman"],
  ["hadolint", "hadolint"],
  ["terrascan", "terrascan"],
  ["tflint", "tflint"],
  ["kics", "kics"],
  ["govulncheck", "govulncheck"],
  ["ggshield", "ggshield"],
  ["gitguardian", "ggshield"],
  ["dockle", "dockle"],
];

/** Scanners whose names are words of other things too: only a file that is named after nothing else is theirs. */
const shortNames: ReadonlyMap<string, string> = new Map([
  ["osv", "osv-scanner"],
  ["safety", "safety"],
  ["clair", "clair"],
]);
const wordsOfReports =
  /^(?:reports?|results?|scan(?:s|ner|ned)?|checks?|output|out|findings?|vuln(?:s|erabilit(?:y|ies))?|security|full|raw|latest|json|jsonl|py|python|\d+)$/;

function shortName(base: string): string | null {
  const words = base
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const tool = words.flatMap((word) => shortNames.get(word) ?? [])[0];
  const others = words.filter((word) => !shortNames.has(word));
  return tool !== undefined && others.every((word) => wordsOfReports.test(word)) ? tool : null;
}

const reduce = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/**
 * The name a policy's `tools` and `require_scan` use: `CodeQL command-line toolchain` is `codeql`, `Semgrep OSS` is
 * `semgrep`. Others are their own name in kebab-case; `unknown` where a report names none.
 */
export function toolId(name: string | null | undefined): string {
  const reduced = reduce((name ?? "").slice(0, 200));
  if (reduced === "") return "unknown";
  const family = families.find(([prefix]) => reduced.startsWith(prefix));
  if (family !== undefined) return family[1];
  return (name ?? "")
    .slice(0, 200)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

/** The scanner that a file's or an artifact's own name speaks of (`gitleaks-report.json`). */
export function toolOfFileName(fileName: string): string | null {
  const base = fileName.slice(-400).split(/[\\/]/).at(-1) ?? "";
  // `.eslintrc.json` and the like set a tool up.
  if (/^\.|rc\.json$/i.test(base)) return null;
  const reduced = reduce(base);
  return families.find(([prefix]) => reduced.includes(prefix))?.[1] ?? shortName(base);
}

const kindOfFamily: ReadonlyMap<string, FindingKind> = new Map([
  ["gitleaks", "secret"],
  ["trufflehog", "secret"],
  ["detect-secrets", "secret"],
  ["ggshield", "secret"],
  ["grype", "dependency"],
  ["npm-audit", "dependency"],
  ["yarn-audit", "dependency"],
  ["safety", "dependency"],
  ["pip-audit", "dependency"],
  ["dependency-check", "dependency"],
  ["osv-scanner", "dependency"],
  ["govulncheck", "dependency"],
  ["cargo-audit", "dependency"],
  ["trivy", "dependency"],
  ["dockle", "container"],
  ["clair", "container"],
  ["checkov", "iac"],
  ["tfsec", "iac"],
  ["kics", "iac"],
  ["hadolint", "iac"],
  ["terrascan", "iac"],
  ["tflint", "iac"],
  ["brakeman", "code"],
]);

/** Whether what the tool (a canonical name) looks for is known, and not only assumed. */
export const isKnownTool = (tool: string): boolean =>
  kindOfFamily.has(tool) || families.some(([, id]) => id === tool);

const snykProducts: ReadonlyMap<string, FindingKind> = new Map([
  ["snykcode", "code"],
  ["snykcontainer", "container"],
  ["snykiac", "iac"],
]);

const kindOfTag: ReadonlyMap<string, FindingKind> = new Map([
  ["secret", "secret"],
  ["license", "license"],
  ["misconfiguration", "iac"],
  ["vulnerability", "dependency"],
]);

/**
 * The kind of problem a SARIF result is about: what Trivy's rules are named and tagged, else what the tool looks for.
 * `ruleWords` are the rule's name and tags.
 */
export function kindOf(toolName: string | null, ruleWords: readonly string[]): FindingKind {
  const tool = toolId(toolName);
  const reduced = reduce(toolName ?? "");
  if (tool === "trivy") {
    const lower = ruleWords.map((word) => word.toLowerCase());
    if (lower.includes("ospackagevulnerability")) return "container";
    for (const word of lower) {
      const kind = kindOfTag.get(word);
      if (kind !== undefined) return kind;
    }
  }
  if (tool === "snyk")
    return [...snykProducts].find(([prefix]) => reduced.startsWith(prefix))?.[1] ?? "dependency";
  return kindOfFamily.get(tool) ?? "code";
}
