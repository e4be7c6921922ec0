/// <reference types="./spdx-types.d.ts" />
import parseExpression from "spdx-expression-parse";
import satisfies from "spdx-satisfies";
import { isObject } from "./findings/json.ts";

/** Longer texts are no licence expression but a licence's text, or an attack on the parser. */
export const maxExpressionLength = 1_000;

/** One licence, with its `+` and its exception; `license` may also be a `LicenseRef-…`. */
export interface SpdxLeaf {
  readonly license: string;
  readonly plus?: boolean | undefined;
  readonly exception?: string | undefined;
  readonly conjunction?: undefined;
}

export type SpdxNode =
  | SpdxLeaf
  | { readonly conjunction: "and" | "or"; readonly left: SpdxNode; readonly right: SpdxNode };

const under = (license: string, exception: string): Pick<SpdxLeaf, "license" | "exception"> => ({
  license,
  exception,
});

/** Ids that SPDX has given up, and what its list says to write instead: registries carry them on, and a licence is the same under either. */
const replaced: ReadonlyMap<string, Pick<SpdxLeaf, "license" | "exception">> = new Map([
  ["GPL-2.0-with-autoconf-exception", under("GPL-2.0-only", "Autoconf-exception-2.0")],
  ["GPL-2.0-with-bison-exception", under("GPL-2.0-or-later", "Bison-exception-2.2")],
  ["GPL-2.0-with-classpath-exception", under("GPL-2.0-only", "Classpath-exception-2.0")],
  ["GPL-2.0-with-font-exception", under("GPL-2.0-only", "Font-exception-2.0")],
  ["GPL-2.0-with-GCC-exception", under("GPL-2.0-only", "GCC-exception-2.0")],
  ["GPL-3.0-with-autoconf-exception", under("GPL-3.0-only", "Autoconf-exception-3.0")],
  ["GPL-3.0-with-GCC-exception", under("GPL-3.0-only", "GCC-exception-3.1")],
  ["eCos-2.0", under("GPL-2.0-or-later", "eCos-exception-2.0")],
  ["wxWindows", under("LGPL-2.0-or-later", "WxWindows-exception-3.1")],
  ["Nunit", { license: "zlib-acknowledgement" }],
  ["StandardML-NJ", { license: "SMLNJ" }],
]);

/** What the (untyped) parser answers, in our types; null for a shape it does not document. */
function nodeOf(value: unknown): SpdxNode | null {
  if (!isObject(value)) return null;
  const { license, plus, exception, conjunction } = value;
  if (typeof license === "string")
    return {
      license,
      plus: plus === true,
      exception: typeof exception === "string" ? exception : undefined,
      ...(typeof exception === "string" ? {} : replaced.get(license)),
    };
  const left = nodeOf(value["left"]);
  const right = nodeOf(value["right"]);
  return (conjunction === "and" || conjunction === "or") && left !== null && right !== null
    ? { conjunction, left, right }
    : null;
}

/** Ids are case-insensitive (SPDX 2.3, annex D), the parser is not; these are what registries carry in lower case. */
const common: ReadonlyMap<string, string> = new Map(
  (
    "MIT MIT-0 ISC 0BSD BSD-2-Clause BSD-3-Clause BSD-3-Clause-Clear BSD-4-Clause Apache-1.1 Apache-2.0 Artistic-1.0 Artistic-2.0 BSL-1.0 BUSL-1.1 " +
    "CC0-1.0 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-4.0 CC-BY-NC-4.0 CDDL-1.0 CDDL-1.1 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 MPL-1.1 MPL-2.0 MS-PL OFL-1.1 " +
    "GPL-2.0 GPL-2.0-only GPL-2.0-or-later GPL-3.0 GPL-3.0-only GPL-3.0-or-later LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1 LGPL-2.1-only LGPL-2.1-or-later " +
    "LGPL-3.0 LGPL-3.0-only LGPL-3.0-or-later AGPL-3.0 AGPL-3.0-only AGPL-3.0-or-later PostgreSQL Python-2.0 PSF-2.0 Ruby SSPL-1.0 Unicode-3.0 Unlicense " +
    "UPL-1.0 WTFPL Zlib ZPL-2.1 BlueOak-1.0.0 Elastic-2.0 JSON X11 NCSA"
  )
    .split(" ")
    .map((id) => [id.toLowerCase(), id]),
);

function withKnownCase(expression: string): string {
  return expression.replaceAll(/[A-Za-z0-9.-]+/g, (word) => common.get(word.toLowerCase()) ?? word);
}

/** Why the parser refuses a text, ids in exactly their own case; null where it does not. */
export function parserProblem(expression: string): string | null {
  try {
    parseExpression(expression);
    return null;
  } catch (error) {
    return error instanceof Error && error.message !== "" ? error.message : "it ends too early";
  }
}

/** Parses an expression of known ids; null for anything else. Hostile text, never throws. */
export function parseLicence(expression: string): SpdxNode | null {
  if (expression.length > maxExpressionLength) return null;
  try {
    return nodeOf(parseExpression(withKnownCase(expression.trim())));
  } catch {
    return null;
  }
}

const plusForm = /-or-later$/;
const bareId = (leaf: SpdxLeaf): string => leaf.license.replace(/-(?:only|or-later)$/, "");
const isRange = (leaf: SpdxLeaf): boolean => leaf.plus === true || plusForm.test(leaf.license);

/** `LGPL-2.1` → [2, 1]; no version is []. */
function versionOf(id: string): readonly number[] {
  return (/-(\d+(?:\.\d+)*)$/.exec(id)?.[1] ?? "")
    .split(".")
    .filter((part) => part !== "")
    .map(Number);
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** As SPDX writes it. */
export const writeLicence = (leaf: SpdxLeaf): string =>
  `${leaf.license}${leaf.plus === true ? "+" : ""}${leaf.exception === undefined ? "" : ` WITH ${leaf.exception}`}`;

/**
 * Whether a single licence is, or may be taken as, the listed one. The library knows the families; it also takes every
 * id of eight characters for an "or later" one (`LGPL-2.1` satisfies `LGPL-3.0`, spdx-satisfies 6.0.0), so what is no
 * range must be equal, and a range must not begin after the single version.
 */
export function isListed(leaf: SpdxLeaf, listed: SpdxLeaf): boolean {
  if (leaf.exception !== listed.exception) return false;
  if (bareId(leaf) === bareId(listed)) return true;
  if (!isRange(leaf) && !isRange(listed)) return false;
  try {
    if (!satisfies(writeLicence(leaf), [writeLicence(listed)])) return false;
  } catch {
    return false;
  }
  if (isRange(leaf) && isRange(listed)) return true;
  const [single, range] = isRange(leaf) ? [listed, leaf] : [leaf, listed];
  return !isBefore(versionOf(bareId(single)), versionOf(bareId(range)));
}
