import fc from "fast-check";
import { judgeLicence, spdxProblem } from "#core/formats/spdx.ts";
import { promise, textOf, type FuzzTarget } from "../target.ts";

const word = fc.constantFrom(
  "MIT",
  "GPL-2.0-only",
  "Apache-2.0",
  "AND",
  "OR",
  "WITH",
  "Classpath-exception-2.0",
  "(",
  ")",
  "+",
  "LicenseRef-x",
  "NOASSERTION",
  "mit",
);

/** Licence expressions, as a registry's packages declare them. */
export const target: FuzzTarget = {
  name: "licence",
  corpus: [
    "MIT",
    "(MIT OR Apache-2.0) AND BSD-3-Clause",
    "GPL-2.0-or-later WITH Classpath-exception-2.0",
    "DocumentRef-a:LicenseRef-b",
    "((((MIT))))",
  ],
  madeUp: fc.array(word, { maxLength: 60 }).map((words) => words.join(" ")),
  read: (input) => {
    const expression = textOf(input);
    spdxProblem(expression);
    for (const lists of [{ allow: ["MIT", "Apache-2.0"] }, { deny: ["GPL-2.0-only"] }]) {
      const { acceptable, kind } = judgeLicence(expression, { ...lists, unknown: "fail" });
      promise(!acceptable || kind === "ok", "what is not known to be right is not acceptable");
    }
  },
};
