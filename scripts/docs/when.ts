import { z } from "zod";
import type { AnyPredicate } from "#core/policy/when/predicate.ts";
import { table } from "#core/text/markdown.ts";
import { takes } from "./json-schema-types.ts";
import { cell, code } from "./markdown.ts";

/** Item descriptions repeat in "one; or a list of them": said once. */
const oneOrMany = (words: string): string => {
  const [one, many, ...rest] = words.split("; or ");
  return rest.length === 0 && many?.startsWith("list") === true ? `${one === "text" ? many.replace(/^list(?:, each| of)/, "").trim() : (one ?? "")}, or a list` : words;
};

/** The keys of `when`, in the order in which they are asked, with `not` and `any` that combine them. */
export const whenTable = (predicates: readonly AnyPredicate[]): string =>
  table(
    ["Key", "Takes", "Says something at", "Holds when"],
    [
      ...predicates.map(({ name, params, gates, summary }) => [
        code(name),
        cell(oneOrMany(takes(z.toJSONSchema(params, { io: "input", unrepresentable: "any" })))),
        gates.map(code).join(", "),
        cell(summary),
      ]),
      [code("not"), "a `when`", "as what it holds", "What it holds does not."],
      [code("any"), "a list of `when`", "as what it holds", "At least one of them does."],
    ],
  );
