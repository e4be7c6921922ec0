import { decodeEntities, walkXml, type XmlElement } from "../coverage/xml.ts";
import { locationIn, type Location } from "./location.ts";
import { openSuite, missingIn, type Suite } from "./suites.ts";

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
  /** All failures: those in `failed`, and what suites declare beyond what they show. */
  readonly failures: number;
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
  readonly suite: Suite | undefined;
  readonly file: string;
  readonly line: string;
  failures: number;
  /** `failure` and `error`, each once: suites count cases, however many assertions of one failed. */
  readonly kinds: Set<string>;
  /** It calls itself failed, and has not shown why yet. */
  isSaid: boolean;
  flaky: boolean;
  skipped: boolean;
  message: string;
  text: string;
}

/**
 * JUnit XML as Surefire, Gradle, pytest, Jest, vitest, Go, .NET, PHPUnit, RSpec, Playwright and Cypress write it: suites
 * to any depth, cases with `failure` or `error`, retries as `flakyFailure`, or as further cases of one name that the
 * suite's own count of failures leaves out. The text comes from the change's own run: hostile. What does not add up is a
 * failure, never a pass.
 */
export function readJUnit(text: string): JUnitReading {
  if (text.trim() === "") return { kind: "broken", problem: "the report is empty" };
  const cases: OpenCase[] = [];
  const suites: Suite[] = [];
  const all: Suite[] = [];
  const loose: FailedCase[] = [];
  let fault: string | undefined;
  let root: string | undefined;
  let current: OpenCase | undefined;

  const visit = (element: XmlElement): void => {
    const { depth, attributes } = element;
    const name = localName(element.name);
    if (depth === 1) root = name;
    if (root !== "testsuites" && root !== "testsuite") return;
    if (current !== undefined && depth <= current.depth) current = undefined;
    while ((suites.at(-1)?.depth ?? 0) >= depth) suites.pop();
    if (name === "testsuite" || name === "testsuites") {
      const suite = openSuite(element, all.length, suites.at(-1));
      if (suite.declared !== undefined && Number.isNaN(suite.declared))
        fault ??= `a suite declares ${attributes["failures"] ?? ""} failures and ${attributes["errors"] ?? ""} errors`;
      suites.push(suite);
      all.push(suite);
    } else if (name === "testcase") {
      current = openCase(element, suites.at(-1));
      if (current.isSaid) for (const suite of suites) suite.shown += 1;
      if (cases.length < mostCases) cases.push(current);
      else fault ??= `more than ${mostCases} cases`;
    } else if (name === "failure" || name === "error") {
      const message = decodeEntities(attributes["message"] ?? "").slice(0, 1000);
      // Said and shown is one failure, and so are several of one kind.
      const isNews = current === undefined || !(current.isSaid || current.kinds.has(name));
      if (isNews) for (const suite of suites) suite.shown += 1;
      if (current === undefined)
        loose.push({ id: suites.at(-1)?.name ?? "", name, message, at: null });
      else {
        current.kinds.add(name);
        if (current.isSaid) current.failures -= 1;
        current.isSaid = false;
        current.failures += 1;
        current.message ||= message;
      }
    } else if (current !== undefined && /^flaky(?:Failure|Error)$/.test(name)) current.flaky = true;
    else if (current !== undefined && /^(?:skipped|disabled|ignored)$/.test(name))
      current.skipped = true;
  };
  const hear = (tag: string, piece: string): void => {
    if (current !== undefined && /^(?:failure|error)$/.test(localName(tag)))
      current.text += piece.slice(0, Math.max(0, 4000 - current.text.length));
  };
  const problem = walkXml(text, wanted, visit, hear) ?? fault;
  if (problem !== undefined) return { kind: "broken", problem };
  if (root !== "testsuites" && root !== "testsuite")
    return { kind: "other", what: `its root is <${root ?? "nothing"}>, not <testsuites>` };
  const missing = missingIn(all);
  if (missing > 0)
    loose.push({
      id: "",
      name: "failure",
      message: `${missing} failures that the report declares and does not show`,
      at: null,
    });
  const summed = sumUp(cases, loose);
  // What is not shown is one entry, and counts as what it is.
  const failures = summed.failed.length + Math.max(0, missing - 1);
  return { kind: "report", report: { ...summed, failures } };
}

/** `j:testsuite` is a `testsuite`, whatever its writer calls the namespace. */
const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

function openCase({ depth, attributes }: XmlElement, suite: Suite | undefined): OpenCase {
  const name = decodeEntities(attributes["name"] ?? "");
  const owner = decodeEntities(attributes["classname"] ?? attributes["class"] ?? suite?.name ?? "");
  const file = decodeEntities(attributes["file"] ?? attributes["filepath"] ?? suite?.file ?? "");
  const line = attributes["line"] ?? "";
  const said = `${attributes["status"] ?? ""} ${attributes["result"] ?? ""}`.toLowerCase();
  const isSaid = /\b(?:fail(?:ed|ure)?|error(?:ed)?)\b/.test(said);
  return {
    depth,
    id: owner === "" || name.startsWith(owner) ? name : `${owner}.${name}`,
    name,
    // Within one suite only: suites of one name may be of other machines, whose failures nothing takes away.
    key: JSON.stringify([suite?.index ?? 0, owner, name, file, line]),
    suite,
    file,
    line,
    failures: isSaid ? 1 : 0,
    kinds: new Set(),
    isSaid,
    flaky: false,
    skipped: /\b(?:notrun|skipped|disabled|suppressed|ignored)\b/.test(said),
    message: "",
    text: "",
  };
}

/**
 * Retries stop at the first pass: only a pass that follows nothing but failures took them away, and only where the suite
 * counts fewer failures than it shows. Else they are several cases of one name, as parameters make them.
 */
function sumUp(
  cases: readonly OpenCase[],
  loose: readonly FailedCase[],
): Omit<TestReport, "failures"> {
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
  const retries = retriedIn([...groups.values()]);
  for (const group of groups.values()) {
    const done = group.filter((one) => one.failures > 0 || !one.skipped);
    skipped += group.length - done.length;
    const bad = done.filter((one) => one.failures > 0);
    const isRetried = retries.has(group);
    // Failures of one name may be one case tried again, or several: they count once as ran, and each as failed.
    ran += isRetried || bad.length === done.length ? Math.min(1, done.length) : done.length;
    if (isRetried || done.some((one) => one.failures === 0 && one.flaky))
      flaky.push(group[0]?.id ?? "");
    if (isRetried) continue;
    for (const one of bad) failed.push(failedCase(one));
  }
  return { ran, skipped, failed, flaky };
}

/** Groups of one name that may be one case tried again, as far as the counts of the suites around them leave that open. */
function retriedIn(groups: readonly (readonly OpenCase[])[]): ReadonlySet<readonly OpenCase[]> {
  const bySuite = new Map<Suite, (readonly OpenCase[])[]>();
  for (const group of groups) {
    const done = group.filter((one) => one.failures > 0 || !one.skipped);
    const bad = done.filter((one) => one.failures > 0);
    const counting = countingSuite(group[0]?.suite);
    if (bad.length === 0 || bad.length !== done.length - 1 || done.at(-1)?.failures !== 0) continue;
    if (counting !== undefined) bySuite.set(counting, [...(bySuite.get(counting) ?? []), group]);
  }
  return new Set(
    [...bySuite].flatMap(([suite, retried]) => {
      const failures = retried
        .flat()
        .reduce((sum, one) => sum + (one.failures > 0 ? Math.max(1, one.kinds.size) : 0), 0);
      // Where the count covers some of them only, nobody knows which.
      return (suite.declared ?? 0) + failures <= suite.shown ? retried : [];
    }),
  );
}

/** The nearest suite that says how many failed. */
function countingSuite(suite: Suite | undefined): Suite | undefined {
  return suite === undefined || suite.declared !== undefined ? suite : countingSuite(suite.above);
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
