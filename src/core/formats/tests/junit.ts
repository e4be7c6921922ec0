import { decodeEntities, walkXml, type XmlElement } from "../coverage/xml.ts";
import { locationIn, type Location } from "./location.ts";

/** A case that failed. `id` is how people name it: class and name, as a quarantine writes it. */
export interface FailedCase {
  readonly id: string;
  readonly name: string;
  readonly message: string;
  readonly at: Location | null;
}

/** What one report says. `ran` counts passed and failed cases, each once; skipped ones did not run. */
export interface TestReport {
  readonly ran: number;
  readonly skipped: number;
  readonly failed: readonly FailedCase[];
  /** Cases that were retried until they passed. */
  readonly flaky: readonly string[];
}

export type JUnitReading =
  | { readonly kind: "report"; readonly report: TestReport }
  /** Well-formed, and something else. */
  | { readonly kind: "other"; readonly what: string }
  | { readonly kind: "broken"; readonly problem: string };

const wanted = new Set([
  "name",
  "classname",
  "class",
  "file",
  "filepath",
  "line",
  "status",
  "result",
  "message",
  "failures",
  "errors",
]);
const mostCases = 500_000;

interface OpenCase {
  readonly depth: number;
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly file: string;
  readonly line: string;
  failures: number;
  flaky: boolean;
  skipped: boolean;
  message: string;
  text: string;
}

interface OpenSuite {
  readonly depth: number;
  readonly name: string;
  readonly file: string;
  readonly index: number;
}

/**
 * JUnit XML as Surefire, Gradle, pytest, Jest, vitest, Go, .NET, PHPUnit, RSpec, Playwright and Cypress write it: suites
 * to any depth, cases with `failure` or `error`, retries as `flakyFailure` or as further cases of one name. The text
 * comes from the change's own run: hostile. What does not add up is a failure, never a pass.
 */
export function readJUnit(text: string): JUnitReading {
  if (text.trim() === "") return { kind: "broken", problem: "the report is empty" };
  const cases: OpenCase[] = [];
  const suites: OpenSuite[] = [];
  const loose: FailedCase[] = [];
  const declared = openDeclared();
  let root: string | undefined;
  let count = 0;
  let shown = 0;
  let current: OpenCase | undefined;

  const visit = (element: XmlElement): void => {
    const { name, depth, attributes } = element;
    if (depth === 1) root = name;
    if (root !== "testsuites" && root !== "testsuite") return;
    if (current !== undefined && depth <= current.depth) current = undefined;
    while ((suites.at(-1)?.depth ?? 0) >= depth) suites.pop();
    if (name === "testsuite" || name === "testsuites") {
      declared.add(element);
      const above = suites.at(-1);
      suites.push({
        depth,
        name: decodeEntities(attributes["name"] ?? ""),
        file: attributes["file"] ?? attributes["filepath"] ?? above?.file ?? "",
        index: (count += 1),
      });
    } else if (name === "testcase") {
      current = openCase(element, suites.at(-1));
      if (cases.length < mostCases) cases.push(current);
      else declared.spoil(`more than ${mostCases} cases`);
    } else if (name === "failure" || name === "error") {
      shown += 1;
      const message = decodeEntities(attributes["message"] ?? "").slice(0, 1000);
      if (current === undefined)
        loose.push({ id: suites.at(-1)?.name ?? "", name, message, at: null });
      else {
        current.failures += 1;
        current.message ||= message;
      }
    } else if (current !== undefined && /^flaky(?:Failure|Error)$/.test(name)) current.flaky = true;
    else if (current !== undefined && /^(?:skipped|disabled|ignored)$/.test(name))
      current.skipped = true;
  };
  const hear = (name: string, piece: string): void => {
    if (current !== undefined && (name === "failure" || name === "error"))
      current.text += piece.slice(0, Math.max(0, 4000 - current.text.length));
  };
  const problem = walkXml(text, wanted, visit, hear) ?? declared.problem();
  if (problem !== undefined) return { kind: "broken", problem };
  if (root !== "testsuites" && root !== "testsuite")
    return { kind: "other", what: `its root is <${root ?? "nothing"}>, not <testsuites>` };
  const missing = declared.failures() - shown;
  if (missing > 0)
    loose.push({
      id: "",
      name: "failure",
      message: `${missing} failures that the report declares and does not show`,
      at: null,
    });
  return { kind: "report", report: sumUp(cases, loose) };
}

function openCase({ depth, attributes }: XmlElement, suite: OpenSuite | undefined): OpenCase {
  const name = decodeEntities(attributes["name"] ?? "");
  const owner = decodeEntities(attributes["classname"] ?? attributes["class"] ?? suite?.name ?? "");
  const file = decodeEntities(attributes["file"] ?? attributes["filepath"] ?? suite?.file ?? "");
  const line = attributes["line"] ?? "";
  const said = `${attributes["status"] ?? ""} ${attributes["result"] ?? ""}`.toLowerCase();
  return {
    depth,
    id: owner === "" || name.startsWith(owner) ? name : `${owner}.${name}`,
    name,
    // Within one suite only: suites of one name may be of other machines, whose failures nothing takes away.
    key: JSON.stringify([suite?.index ?? 0, owner, name, file, line]),
    file,
    line,
    failures: /\b(?:fail(?:ed|ure)?|error(?:ed)?)\b/.test(said) ? 1 : 0,
    flaky: false,
    skipped: /\b(?:notrun|skipped|disabled|suppressed|ignored)\b/.test(said),
    message: "",
    text: "",
  };
}

/** Retries stop at the first pass: only a pass that follows nothing but failures took them away. */
function sumUp(cases: readonly OpenCase[], loose: readonly FailedCase[]): TestReport {
  const groups = new Map<string, OpenCase[]>();
  for (const one of cases) {
    const group = groups.get(one.key);
    if (group === undefined) groups.set(one.key, [one]);
    else group.push(one);
  }
  const failed: FailedCase[] = [...loose];
  const flaky: string[] = [];
  let ran = 0;
  let skipped = 0;
  for (const group of groups.values()) {
    const done = group.filter((one) => one.failures > 0 || !one.skipped);
    skipped += group.length - done.length;
    const bad = done.filter((one) => one.failures > 0);
    const last = done.at(-1);
    const isRetried = done.length > 1 && bad.length === done.length - 1 && last?.failures === 0;
    // Failures of one name may be one case tried again, or several: they count once as ran, and each as failed.
    ran += isRetried || bad.length === done.length ? Math.min(1, done.length) : done.length;
    if (isRetried || done.some((one) => one.failures === 0 && one.flaky))
      flaky.push(group[0]?.id ?? "");
    if (isRetried) continue;
    for (const one of bad) failed.push(failedCase(one));
  }
  return { ran, skipped, failed, flaky };
}

function failedCase(one: OpenCase): FailedCase {
  const text = decodeEntities(one.text);
  return {
    id: one.id,
    name: one.name,
    message: one.message || (text.trim().split("\n", 1)[0] ?? ""),
    at: locationIn(one, `${one.message}\n${text}`),
  };
}

/** Failures by the report's own count: of its root, else of the suites right below it. */
function openDeclared() {
  let root: number | undefined;
  let below = 0;
  let fault: string | undefined;
  return {
    add: ({ depth, attributes }: XmlElement): void => {
      if (depth > 2) return;
      const figures = [attributes["failures"], attributes["errors"]];
      const said = figures.filter((figure) => figure !== undefined && figure !== "");
      const numbers = said.map(Number);
      if (numbers.some((number) => !Number.isSafeInteger(number) || number < 0))
        fault ??= `a suite declares ${said.join(" and ")} failures`;
      const sum = numbers.reduce((all, number) => all + number, 0);
      if (depth === 2) below += sum;
      else if (said.length > 0) root = sum;
    },
    spoil: (problem: string): void => {
      fault ??= problem;
    },
    failures: (): number => Math.max(root ?? 0, below),
    problem: (): string | undefined => fault,
  };
}
