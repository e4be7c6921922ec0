import { z } from "zod";
import { notAvailable } from "./later.ts";
import { name } from "./params.ts";
import { defineRule } from "./rule.ts";

const params = z.union([name, z.array(name).min(1).max(50)]).describe("Name of a window, or a list of names: one that is open is enough.");

type Params = z.output<typeof params>;

const namesOf = (asked: Params): readonly string[] => (typeof asked === "string" ? [asked] : asked);

export const window = defineRule<Params>({
  name: "window",
  summary: "Now is inside at least one of the named windows.",
  gates: ["deployment", "pull_request"],
  defaultGates: ["deployment"],
  params,
  refersTo: (asked) => namesOf(asked).map((each, index) => ({ to: "windows", name: each, path: typeof asked === "string" ? [] : [index] })),
  ...notAvailable<Params>((asked) => `window ${namesOf(asked).join(" or ")} is open`),
});
