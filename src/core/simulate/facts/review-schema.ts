import { z } from "zod";
import { checkConclusions } from "#core/facts/checks.ts";
import { reviewStates } from "#core/facts/reviews.ts";
import { roles } from "#core/model/actor.ts";
import {
  figure,
  flag,
  instantText,
  listOf,
  loginText,
  longText,
  optional,
  shaText,
  shortText,
  wordOf,
} from "./input-types.ts";

export const reviewWords = z.strictObject({
  by: loginText.nullable().optional(),
  state: wordOf(reviewStates),
  commit: shaText.nullable().optional(),
  at: optional(instantText),
  /** Editing a review's text changes neither its state nor its commit. */
  edited: optional(flag),
});

export const commentWords = z.strictObject({
  by: loginText,
  body: longText,
  at: optional(instantText),
  edited: optional(flag),
});

const checkStatuses = [
  "queued",
  "in_progress",
  "completed",
  "waiting",
  "requested",
  "pending",
] as const;
const isConclusion = (word: string): word is (typeof checkConclusions)[number] =>
  checkConclusions.some((each) => each === word);
const isStatus = (word: string): word is (typeof checkStatuses)[number] =>
  checkStatuses.some((each) => each === word);

/** A check run has a status and a conclusion, a commit status one word for both: either way of telling it is understood. */
export const checkWords = z
  .strictObject({
    name: shortText,
    app: z
      .preprocess(
        (app) => (typeof app === "string" && /^\d{1,15}$/.test(app) ? Number(app) : app),
        z.union([z.string().max(1_000), z.int().positive()]).nullable(),
      )
      .optional(),
    kind: optional(wordOf(["check_run", "status"])),
    /** Who set a commit status; the app's bot unless said. */
    by: optional(shortText),
    status: optional(
      wordOf([...checkStatuses, ...checkConclusions], { error: "failure", running: "in_progress" }),
    ),
    conclusion: optional(wordOf(checkConclusions, { error: "failure" })),
    workflow: optional(shortText),
    /** What started the workflow, and on which branch; of the change itself unless said. */
    event: optional(shortText),
    branch: optional(shortText),
    /** Whether a real Actions job stands behind it; true by default. */
    job: optional(flag),
    at: optional(instantText),
    url: optional(shortText),
  })
  .refine(({ by, kind }) => by === undefined || kind === "status", {
    path: ["by"],
    message:
      "says who set a commit status: a check run is reported by an app; say kind: status as well",
  })
  .transform(({ status, conclusion, ...rest }) => {
    const said = conclusion ?? (status !== undefined && isConclusion(status) ? status : null);
    return {
      ...rest,
      status:
        status !== undefined && isStatus(status)
          ? status
          : said === null
            ? ("in_progress" as const)
            : ("completed" as const),
      conclusion: said,
    };
  });

const role = wordOf(roles);

export const personWords = z.union([
  role.transform((held) => ({ role: held, teams: undefined, bot: undefined })),
  z.strictObject({ role: optional(role), teams: optional(listOf(shortText)), bot: optional(flag) }),
  z.null().transform(() => ({ role: undefined, teams: undefined, bot: undefined })),
]);

export const threadWords = z.strictObject({
  unresolved: figure(z.int().min(0)),
  total: optional(figure(z.int().min(0))),
});
