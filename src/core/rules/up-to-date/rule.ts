import { behindBase } from "#core/facts/pull-request.ts";
import type { Event } from "#core/model/event.ts";
import { fail, pass } from "#core/model/verdict.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import { switchedOn } from "../kit/params.ts";
import { count } from "#core/text/phrases.ts";
import { defineRule } from "../kit/rule.ts";

const required = "the head contains the base branch's tip";

export const upToDate = defineRule<true>({
  name: "up_to_date",
  summary: "The head of the pull request contains the newest commit of its base branch.",
  appliesTo: ["pull_request"],
  params: switchedOn,
  needs: () => [behindBase],
  judge: ({ subject }, ask) => {
    // A merge group's head is built on the base's tip: its pull requests need not be, that is what the queue is for.
    if (subject.kind === "merge_group")
      return pass({ found: "the merge group is built on the base", required });
    const behind = ask(behindBase.need());
    if (behind === undefined) return undefined;
    if (behind === 0) return pass({ found: "up to date", required });
    return fail({
      found: `${count(behind, "commit")} behind`,
      required,
      need: `The branch is ${count(behind, "commit")} behind its base`,
      next: 'Somebody who may push to the branch updates it (the button "Update branch", a merge or a rebase).',
    });
  },
  isAffectedBy: (event) => !editsNoneOf(event, ["base"]) && !isTagPush(event),
  describe: () => required,
});

const isTagPush = (event: Event): boolean =>
  event.push !== null && !event.push.ref.startsWith("refs/heads/");
