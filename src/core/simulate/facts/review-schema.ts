import { z } from "zod";
import { checkConclusions, conclusionMeanings } from "#core/facts/checks.ts";
import { reviewStates } from "#core/facts/reviews.ts";
import { roles } from "#core/model/actor.ts";
import { roleMeanings } from "#core/rules/kit/params.ts";
import type { Meanings } from "#core/text/meanings.ts";
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
  by: loginText.nullable().optional().describe("Login of the reviewer; null: the account is gone."),
  state: wordOf(reviewStates, {
    approved: "It approves.",
    changes_requested: "It asks for changes.",
    commented: "It says neither.",
    dismissed: "It was taken out.",
    pending: "It is not handed in yet.",
  }).describe("What the review says."),
  commit: shaText
    .nullable()
    .optional()
    .meta({
      description: "The commit it was given on; the head, unless said.",
      examples: ["9fceb02"],
    }),
  at: optional(instantText).describe("When it was given."),
  edited: optional(flag).describe(
    "Whether its text was edited afterwards, which changes neither its state nor its commit.",
  ),
});

export const commentWords = z.strictObject({
  by: loginText.describe("Login of who wrote it."),
  body: longText.meta({ description: "Its text.", examples: ["/gate approve production"] }),
  at: optional(instantText).describe("When it was written."),
  edited: optional(flag).describe("Whether it was edited afterwards."),
});

const checkStatuses = [
  "queued",
  "in_progress",
  "completed",
  "waiting",
  "requested",
  "pending",
] as const;
const statusMeanings: Meanings<typeof checkStatuses> = {
  queued: "It waits for a runner.",
  in_progress: "It runs.",
  completed: "It ended; the conclusion says how.",
  waiting: "It waits for an environment's approval.",
  requested: "It was asked for.",
  pending: "It waits for another of its kind.",
};
const isConclusion = (word: string): word is (typeof checkConclusions)[number] =>
  checkConclusions.some((each) => each === word);
const isStatus = (word: string): word is (typeof checkStatuses)[number] =>
  checkStatuses.some((each) => each === word);

/** A check run has a status and a conclusion, a commit status one word for both: either way of telling it is understood. */
export const checkWords = z
  .strictObject({
    name: shortText.meta({ description: "Its name.", examples: ["build"] }),
    app: z
      .preprocess(
        (app) => (typeof app === "string" && /^\d{1,15}$/.test(app) ? Number(app) : app),
        z.union([z.string().max(1_000), z.int().positive()]).nullable(),
      )
      .optional()
      .meta({
        description: "Slug or id of the app that reported it.",
        examples: ["github-actions", 15368],
      }),
    kind: optional(
      wordOf(["check_run", "status"], {
        check_run: "A check run of an app.",
        status: "A commit status.",
      }),
    ).describe("Whether it is a check run or a commit status."),
    by: optional(shortText).meta({
      description: "Who set a commit status; the app's bot unless said.",
      examples: ["ci-bot"],
    }),
    status: optional(
      wordOf(
        [...checkStatuses, ...checkConclusions],
        { ...statusMeanings, ...conclusionMeanings },
        { error: "failure", running: "in_progress" },
      ),
    ).describe("Where it stands; a conclusion is understood as well."),
    conclusion: optional(
      wordOf(checkConclusions, conclusionMeanings, { error: "failure" }),
    ).describe("How it ended."),
    workflow: optional(shortText).meta({
      description: "Path of the workflow file whose job it is.",
      examples: [".github/workflows/ci.yml"],
    }),
    event: optional(shortText).meta({
      description: "What started the workflow; the change itself unless said.",
      examples: ["pull_request", "push"],
    }),
    branch: optional(shortText).meta({
      description: "On which branch it was started.",
      examples: ["main"],
    }),
    job: optional(flag).describe("Whether a real Actions job stands behind it; true by default."),
    at: optional(instantText).describe("When it was reported last."),
    url: optional(shortText).meta({
      description: "Its address.",
      examples: ["https://github.com/acme/shop/actions/runs/1"],
    }),
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

const role = wordOf(roles, { none: "Nobody's: an outsider.", ...roleMeanings });

export const personWords = z.union([
  role.transform((held) => ({ role: held, teams: undefined, bot: undefined })),
  z.strictObject({
    role: optional(role).describe("Role in the repository."),
    teams: optional(listOf(shortText)).meta({
      description: "Slugs of the teams they are in.",
      examples: [["security"]],
    }),
    bot: optional(flag).describe("Whether it is a bot."),
  }),
  z.null().transform(() => ({ role: undefined, teams: undefined, bot: undefined })),
]);

export const threadWords = z.strictObject({
  unresolved: figure(z.int().min(0)).meta({
    description: "Review threads that are not resolved.",
    examples: [0, 2],
  }),
  total: optional(figure(z.int().min(0))).meta({
    description: "All review threads.",
    examples: [5],
  }),
});
