import { z } from "zod";
import { notAvailable } from "./later.ts";
import { name } from "./params.ts";
import { defineRule } from "./rule.ts";

const params = z.union([z.literal(true), name, z.array(name).min(1).max(50)]).describe("true for every freeze, or the names of some.");

type Params = z.output<typeof params>;

const namesOf = (asked: Params): readonly string[] => (asked === true ? [] : typeof asked === "string" ? [asked] : asked);

export const notFrozen = defineRule<Params>({
  name: "not_frozen",
  summary: "No freeze that covers the subject is on.",
  gates: ["deployment", "pull_request"],
  defaultGates: ["deployment"],
  params,
  refersTo: (asked) => namesOf(asked).map((each, index) => ({ to: "freezes", name: each, path: Array.isArray(asked) ? [index] : [] })),
  ...notAvailable<Params>((asked) => (asked === true ? "no freeze is on" : `no freeze ${namesOf(asked).join(", ")} is on`)),
});
