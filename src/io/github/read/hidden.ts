import { z } from "zod";
import type { HiddenAnswer, HiddenQuestion } from "#core/sweep/hidden.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository, type BuiltRequest } from "../client/requests.ts";
import { digestOf } from "./digest-of.ts";
import { readManyIncidents, readOrganizationProperties } from "./hidden-of-many.ts";
import { readRole } from "./role.ts";

const analyses = z.array(z.looseObject({ id: z.number(), ref: z.string() }));
const runs = z.object({ workflow_runs: z.array(z.object({ id: z.number() })) });
const issues = z.array(z.object({ number: z.number() }));
const anything = z.array(z.unknown());

/** Whatever happens to an alert puts it in front: one page tells of any number. */
const lastTouched = { sort: "updated", direction: "desc", per_page: 100 } as const;

type PageQuestion = Exclude<
  HiddenQuestion,
  { readonly kind: "role" | "organization_properties" | "many_incidents" }
>;

function requestOf({ endpoint }: GitHub, question: PageQuestion): BuiltRequest {
  const at = { owner: question.repository.owner, repo: question.repository.name };
  switch (question.kind) {
    case "analyses":
      return endpoint("GET /repos/{owner}/{repo}/code-scanning/analyses", { ...at, per_page: 100 });
    case "alerts":
      return endpoint("GET /repos/{owner}/{repo}/code-scanning/alerts", {
        ...at,
        ...lastTouched,
        ref: question.ref,
      });
    case "dependabot":
      return endpoint("GET /repos/{owner}/{repo}/dependabot/alerts", {
        ...at,
        ...lastTouched,
      });
    case "secrets":
      return endpoint("GET /repos/{owner}/{repo}/secret-scanning/alerts", {
        ...at,
        hide_secret: true,
        ...lastTouched,
      });
    case "properties":
      return endpoint("GET /repos/{owner}/{repo}/properties/values", at);
    case "incidents":
      return endpoint("GET /repos/{owner}/{repo}/issues", {
        ...at,
        state: "open",
        labels: question.label,
        per_page: 100,
      });
    case "waiting":
      return endpoint("GET /repos/{owner}/{repo}/actions/runs", {
        ...at,
        status: "waiting",
        per_page: 100,
      });
  }
}

/** One page and its digest. */
export async function readHidden(github: GitHub, question: HiddenQuestion): Promise<HiddenAnswer> {
  if (question.kind === "role") {
    const { role, isFree } = await readRole(github, question.repository, question.person);
    return { marks: { "": role }, isFree };
  }
  if (question.kind === "organization_properties")
    return readOrganizationProperties(github, question);
  if (question.kind === "many_incidents") return readManyIncidents(github, question);
  const as = asRepository(question.repository);
  const request = requestOf(github, question);
  switch (question.kind) {
    case "waiting": {
      const answer = await orAbsent(github.rest(as, request, runs));
      const ids = answer?.data.workflow_runs.map(({ id }) => id) ?? [];
      return {
        marks: { "": ids.length === 0 ? "none" : digestOf(ids) },
        isFree: answer?.isRemembered ?? false,
      };
    }
    case "analyses": {
      const answer = await orAbsent(github.rest(as, request, analyses));
      const byRef = new Map<string, number[]>();
      for (const { ref, id } of answer?.data ?? []) byRef.set(ref, [...(byRef.get(ref) ?? []), id]);
      return {
        marks: Object.fromEntries([...byRef].map(([ref, ids]) => [ref, digestOf(ids)])),
        isFree: answer?.isRemembered ?? false,
      };
    }
    case "incidents": {
      const answer = await orAbsent(github.rest(as, request, issues));
      return {
        // A comment on one changes nothing: which there are is what counts.
        marks: { "": answer === null ? "none" : digestOf(answer.data.map(({ number }) => number)) },
        isFree: answer?.isRemembered ?? false,
      };
    }
    case "properties":
    case "alerts":
    case "dependabot":
    case "secrets": {
      const answer = await orAbsent(github.rest(as, request, anything));
      return {
        marks: { "": answer === null ? "none" : digestOf(answer.data) },
        isFree: answer?.isRemembered ?? false,
      };
    }
  }
}
