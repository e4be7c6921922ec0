import type { Command } from "./acts.ts";
import type { Word } from "./answer.ts";
import { docOf, durationOf, listOf, textsOf, type Doc } from "./doc.ts";
import { contributorsOf, isAmong } from "./people.ts";
import type { PullAt } from "./reviews.ts";
import type { Scene } from "./scene.ts";

interface Request {
  readonly override: Doc;
  readonly by: number;
  readonly at: number;
  readonly confirmedBy: Set<number>;
  isOver: boolean;
  isDoubtful: boolean;
}

/** When the head became what it is, by GitHub's own record. */
function headSince({ world, pull }: PullAt): number {
  const home = pull.headRepoId === null ? undefined : world.repos.get(pull.headRepoId);
  const moved = home?.activity.filter(
    (one) => one.ref === `refs/heads/${pull.headRef}` && one.after === pull.headSha,
  );
  return moved?.at(-1)?.at ?? 0;
}

/** When its base was changed or rewritten last: what was asked for before that was for another diff. */
const baseSince = ({ repo, pull }: PullAt): number =>
  Math.max(
    0,
    ...(repo.issues.get(pull.number)?.timeline ?? [])
      .filter((one) => /^base_ref_|^automatic_base_change_succeeded/.test(one.event))
      .map((one) => one.createdAt),
  );

/** For each rule: whether an override lets it through now. Requests by label are told from the timeline. */
export function overriddenRules(
  scene: Scene,
  ruling: { readonly policies: readonly Doc[] },
  at: PullAt,
  commands: readonly Command[],
): (rule: string) => Word {
  const offered = ruling.policies.flatMap((policy) => listOf(policy["overrides"]).map(docOf));
  if (offered.length === 0) return () => "no";
  const { world, repo, pull } = at;
  const { openers, others } = contributorsOf(world, repo, pull);
  const isOwn = (id: number): boolean => openers.has(id) || others.has(id);
  const requests: Request[] = [];
  const ask = (override: Doc, by: number, when: number, reason: string, doubt: boolean): void => {
    if (reason.trim() === "" || !isAmong(world, repo, by, docOf(override["by"]), null)) return;
    if (override["ticket"] === "required" && !/#\d+|[A-Z][A-Z0-9]+-\d+|https?:\/\//.test(reason))
      return;
    const same = requests.find((one) => one.override === override && !one.isOver && one.by !== by);
    if (same !== undefined) same.confirmedBy.add(by);
    else
      requests.push({
        override,
        by,
        at: when,
        confirmedBy: new Set(),
        isOver: false,
        isDoubtful: doubt,
      });
  };
  /** A label asks in the name of whoever put it there; the reason is what that person says next. */
  function askedByLabel(override: Doc): void {
    const name = override["label"];
    if (typeof name !== "string") return;
    const issue = repo.issues.get(pull.number);
    const lines = (issue?.timeline ?? []).filter(
      (one) =>
        /^(?:un)?labeled$/.test(one.event) && one.label?.name.toLowerCase() === name.toLowerCase(),
    );
    const last = lines.at(-1);
    // What was done through an app is nobody's word.
    if (last?.event !== "labeled" || last.actorId === null || last.viaAppId !== undefined) return;
    const later = (issue?.comments ?? []).filter(
      (one) => one.authorId === last.actorId && one.id > last.id && one.viaAppId === null,
    );
    const said = later[0];
    if (said === undefined) return;
    // A reason without its ticket is refused, and the person may give a better one.
    for (const one of later.slice(1)) ask(override, last.actorId, last.createdAt, one.body, true);
    // Who confirms, and what else was said in between, is more than this judge reads.
    const isPlain = lines.length === 1 && Number(override["confirmations"] ?? 0) === 0;
    ask(override, last.actorId, last.createdAt, said.body, !isPlain);
    for (const one of requests)
      if (one.override === override && commands.some((each) => each.word === "confirm"))
        one.isDoubtful = true;
  }
  for (const one of commands) {
    const [name = "", ...reason] = one.rest.split(/\s+/);
    const byName = (wanted: string): Doc | undefined =>
      offered.find((each) => each["name"] === wanted) ??
      offered.find((each) => textsOf(each["rules"]).includes(wanted));
    if (one.word === "override" || one.word === "emergency") {
      const found = byName(one.word === "override" ? name.toLowerCase() : "emergency");
      if (found !== undefined)
        ask(
          found,
          one.by,
          one.at,
          one.word === "override" ? reason.join(" ") : one.rest,
          one.isDoubtful,
        );
    }
    if (one.word === "confirm")
      for (const request of requests)
        if (
          request.by !== one.by &&
          isAmong(world, repo, one.by, docOf(request.override["by"]), null)
        )
          request.confirmedBy.add(one.by);
    if (one.word === "override-cancel") for (const request of requests) request.isOver = true;
  }
  for (const override of offered) askedByLabel(override);
  const since = Math.max(headSince(at), baseSince(at));
  const inForce = (request: Request): Word => {
    const lasts = durationOf(request.override["lasts"]);
    const wanted = Number(request.override["confirmations"] ?? 0);
    const people = [request.by, ...request.confirmedBy];
    if (request.isOver || request.at < since) return "no";
    if (request.confirmedBy.size < wanted) return request.isDoubtful ? "unjudged" : "no";
    if (people.every(isOwn)) return "no";
    if (lasts !== undefined && scene.now > request.at + 2 * lasts) return "no";
    if (lasts !== undefined && scene.now > request.at + lasts) return "unjudged";
    return request.isDoubtful || request.at === since ? "unjudged" : "yes";
  };
  return (rule) => {
    const words = requests
      .filter((one) => textsOf(one.override["rules"]).includes(rule))
      .map(inForce);
    if (words.includes("yes")) return "yes";
    const isListed = offered.some((one) => textsOf(one["rules"]).includes(rule));
    return words.includes("unjudged") || pressed(scene, repo.id, isListed) ? "unjudged" : "no";
  };
}

/** A button may have confirmed what nobody wrote. */
const pressed = (scene: Scene, repo: number, isListed: boolean): boolean =>
  isListed && scene.told.some((one) => one.repo === repo && one.kind === "confirm");
