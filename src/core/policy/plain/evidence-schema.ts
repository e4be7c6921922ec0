import { z } from "zod";
import { shortText } from "./words.ts";

const percent = z.number().min(0).max(100);

export const coverageWords = z.strictObject({
  project: percent.nullable().optional(),
  patch: percent.nullable().optional(),
  base: percent.nullable().optional(),
});

export const findingWords = z.strictObject({
  id: shortText,
  kind: z.enum(["code", "dependency", "container", "secret", "license", "iac"]).optional(),
  tool: shortText.optional(),
  severity: z.enum(["critical", "high", "medium", "low", "unrated"]).optional(),
  package: shortText.optional(),
  path: shortText.optional(),
  line: z.int().min(1).optional(),
  new: z.boolean().optional(),
});

/** Licences of added dependencies: `{package: licence}`, or a list; null is an unknown licence. */
export const licenseWords = z.union([
  z.record(shortText, shortText.nullable()).transform((table) => Object.entries(table).map(([name, license]) => ({ package: name, license }))),
  z.array(z.strictObject({ package: shortText, license: shortText.nullable().optional() })),
]);
