import { z } from "zod";
import type { AddedLabel, CommentSince } from "#core/facts/labels-added.ts";
import { instant } from "./instant.ts";
import { fromRestUser, restUser } from "./person.ts";
import type { TimelineView } from "./timeline.ts";

const viaApp = z.object({ id: z.number() }).nullish();
const labelled = z.object({
  event: z.enum(["labeled", "unlabeled"]),
  label: z.object({ name: z.string() }),
  actor: restUser,
  created_at: instant,
  performed_via_github_app: viaApp,
});
const commented = z.object({
  event: z.literal("commented"),
  id: z.number(),
  body: z.string().nullish(),
  user: restUser,
  created_at: instant,
  author_association: z.string().nullish(),
  performed_via_github_app: viaApp,
});

/** After these the head is another one. */
const pushes: ReadonlySet<string> = new Set(["committed", "head_ref_force_pushed"]);

const isThere = (value: unknown): boolean => value !== null && value !== undefined;
/** One person's comments after a label: more are no reason for it. */
const mostComments = 20;

function commentIn(row: unknown): CommentSince | null {
  const read = commented.safeParse(row);
  if (!read.success || isThere(read.data.performed_via_github_app)) return null;
  const { id, body, user, created_at, author_association } = read.data;
  const by = fromRestUser(user);
  return by === null
    ? null
    : { id, body: body ?? "", by, at: created_at, association: author_association ?? "NONE" };
}

/** The labels that stand, each with who put it on last. */
export function labelsAddedIn(): TimelineView<readonly AddedLabel[]> {
  const standing = new Map<string, AddedLabel>();
  const comments: CommentSince[] = [];
  return {
    see: (row) => {
      const comment = row.event === "commented" ? commentIn(row) : null;
      if (comment !== null) comments.push(comment);
      if (row.event !== undefined && pushes.has(row.event))
        for (const [name, label] of standing) standing.set(name, { ...label, overtaken: true });
      const found = labelled.safeParse(row);
      if (!found.success) return;
      const { event, label, actor, created_at, performed_via_github_app } = found.data;
      const isByApp = isThere(performed_via_github_app);
      if (event === "labeled")
        standing.set(label.name, {
          name: label.name,
          by: isByApp ? null : fromRestUser(actor),
          at: created_at,
          ...(isByApp ? { viaApp: true } : {}),
        });
      else standing.delete(label.name);
    },
    seen: () =>
      [...standing.values()].map((label) => ({
        ...label,
        comments: comments
          .filter(({ by, at }) => by.id === label.by?.id && at >= label.at)
          .slice(0, mostComments),
      })),
  };
}
