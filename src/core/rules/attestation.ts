import { z } from "zod";
import { notAvailable } from "./later.ts";
import { glob, name } from "./params.ts";
import { defineRule } from "./rule.ts";

const params = z.strictObject({
  predicate: name.default("https://slsa.dev/provenance/v1").describe("Predicate type of the attestation."),
  signer_workflow: name.optional().describe("Workflow that must have signed: owner/repo/path."),
  subject: glob.optional().describe("Name of the artifact."),
});

type Params = z.output<typeof params>;

export const attestation = defineRule<Params>({
  name: "attestation",
  summary: "The artifact's signed provenance verifies.",
  gates: ["deployment"],
  defaultGates: ["deployment"],
  params,
  ...notAvailable<Params>((asked) => `a verified attestation ${asked.predicate}`),
});
