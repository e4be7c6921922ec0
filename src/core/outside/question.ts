import { z } from "zod";

/** A full name as GitHub allows it, without control characters. */
const fullName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/[\w.-]{1,100}$/;
const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** Refs that git refuses, or resolves to something other than the branch or tag of that name. */
const refName =
  /^(?!\/|.*(?:\/$|\/\/|\.\.|@\{))(?!(?:[0-9a-f]{40}|[0-9a-f]{64})$)[^\s\0-\x1f\x7f~^:?*[\\]{1,250}$/i;
const sha256 = /^sha256:[0-9a-f]{64}$/;

/** What a deployer outside Actions' environments asks: may this commit go to this environment? Hostile input. */
export const gateQuestion = z.strictObject({
  repository: z.string().regex(fullName, "write it as owner/name"),
  sha: z
    .string()
    .toLowerCase()
    .regex(commit, "write the full commit SHA: 40 (or 64) hexadecimal digits"),
  environment: z
    .string()
    .min(1, "name the environment")
    .max(255, "no environment has a name of more than 255 characters")
    .regex(/^[^\0-\x1f\x7f]*$/, "a name has no control characters"),
  ref: z
    .string()
    .regex(refName, "write a branch or tag, with or without refs/heads/ or refs/tags/")
    .optional(),
  digest: z
    .string()
    .toLowerCase()
    .regex(sha256, "write it as sha256: and 64 hexadecimal digits")
    .optional(),
});
export type GateQuestion = z.infer<typeof gateQuestion>;

/** The ref as it is kept: a branch by its bare name; a tag that was named in full stays one, so that a tag `main` is not the branch `main`. */
export const keptRef = (ref: string): string => ref.replace(/^refs\/heads\//, "");
