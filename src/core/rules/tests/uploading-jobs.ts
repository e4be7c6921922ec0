import { isScalar, isSeq, type Document, type YAMLMap } from "yaml";
import { keyOf, mapAt, openWorkflow, resolved, valueOf } from "../pinned-actions/uses.ts";

/**
 * Whether a report hangs on a job: it uploads one itself, or a job that needs it does.
 * - `yes`: a step uploads an artifact of such a name.
 * - `unknown`: nobody can tell: a called workflow, an action of the repository, a name that is made when it runs.
 */
export type Uploads = "yes" | "no" | "unknown";

/** Actions that bring artifacts under these words; what others do is not an upload. */
const uploadWords = /artifact|report|junit|coverage/iu;

interface Job {
  readonly key: string;
  /** As the file writes it: an expression in it may be any text. */
  readonly name: string;
  readonly needs: readonly string[];
  readonly own: Uploads;
}

/**
 * What the jobs of these names (as GitHub shows them) have to do with the reports that `isReport` knows by their artifact's
 * name, by the workflow's own text. The text comes from the head commit: hostile.
 */
export function uploadsOf(
  text: string,
  names: readonly string[],
  isReport: (artifact: string) => boolean,
): ReadonlyMap<string, Uploads> {
  const jobs = jobsIn(text, isReport);
  return new Map(
    names.map((name) => [
      name,
      worst(named(jobs, name).flatMap((job) => [job, ...needing(jobs, job)])),
    ]),
  );
}

/** None of them is known: it is not the job of this file that was meant. */
const worst = (jobs: readonly Job[]): Uploads =>
  jobs.some(({ own }) => own === "yes")
    ? "yes"
    : jobs.length === 0 || jobs.some(({ own }) => own === "unknown")
      ? "unknown"
      : "no";

/** A matrix adds its values in brackets, a called workflow its job behind a slash. */
function named(jobs: readonly Job[], name: string): readonly Job[] {
  const plain = jobs.filter(
    (job) =>
      job.name === name || name.startsWith(`${job.name} (`) || name.startsWith(`${job.name} / `),
  );
  return plain.length > 0 ? plain : jobs.filter((job) => isMadeOf(job.name, name));
}

/** Literal parts in their order, with anything in the place of the expressions. */
function isMadeOf(template: string, name: string): boolean {
  const parts = template.split(/\$\{\{.*?\}\}/u);
  if (parts.length === 1) return false;
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = index === 0 ? (name.startsWith(part) ? 0 : -1) : name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}

/** Jobs that wait for it, themselves or by another: they are skipped where it fails, or put together what it left. */
function needing(jobs: readonly Job[], job: Job): readonly Job[] {
  const found = new Set<Job>([job]);
  for (const one of found)
    for (const other of jobs) if (other.needs.includes(one.key)) found.add(other);
  found.delete(job);
  return [...found];
}

function jobsIn(text: string, isReport: (artifact: string) => boolean): readonly Job[] {
  const opened = openWorkflow(text);
  if (!opened.ok) return [];
  const { document } = opened;
  const jobs = mapAt(valueOf(mapAt(document.contents, document), "jobs", document), document);
  return (jobs?.items ?? []).map((pair): Job => {
    const key = String(keyOf(pair.key, document) ?? "");
    const job = mapAt(pair.value, document);
    return {
      key,
      name: textAt(job, "name", document) ?? key,
      needs: textsAt(job, "needs", document),
      own: ownUploads(job, document, isReport),
    };
  });
}

function ownUploads(
  job: YAMLMap | null,
  document: Document,
  isReport: (artifact: string) => boolean,
): Uploads {
  const steps = resolved(valueOf(job, "steps", document), document);
  if (!isSeq(steps)) return "unknown";
  const each = steps.items.map((item) => ofStep(mapAt(item, document), document, isReport));
  return each.includes("yes") ? "yes" : each.includes("unknown") ? "unknown" : "no";
}

function ofStep(
  step: YAMLMap | null,
  document: Document,
  isReport: (artifact: string) => boolean,
): Uploads {
  if (step === null) return "unknown";
  if (valueOf(step, "uses", document) === undefined) return "no";
  const uses = textAt(step, "uses", document);
  if (uses === null || uses.startsWith("./")) return "unknown";
  const [action = ""] = uses.split("@", 1);
  if (/\/download-artifact$/iu.test(action)) return "no";
  if (!/\/upload-artifact(?:\/merge)?$/iu.test(action))
    return uploadWords.test(action) ? "unknown" : "no";
  const values = valueOf(step, "with", document);
  const inputs = mapAt(values, document);
  if (values !== undefined && inputs === null) return "unknown";
  const given = valueOf(inputs, "name", document);
  const name = given === undefined ? "artifact" : textAt(inputs, "name", document);
  if (name === null || name.includes("${{")) return "unknown";
  return isReport(name) ? "yes" : "no";
}

function textAt(map: YAMLMap | null, key: string, document: Document): string | null {
  const node = resolved(valueOf(map, key, document), document);
  return isScalar(node) && node.value !== null && node.value !== undefined
    ? String(node.value)
    : null;
}

function textsAt(map: YAMLMap | null, key: string, document: Document): readonly string[] {
  const node = resolved(valueOf(map, key, document), document);
  if (isScalar(node)) return [String(node.value)];
  if (!isSeq(node)) return [];
  return node.items.flatMap((item) => {
    const each = resolved(item, document);
    return isScalar(each) ? [String(each.value)] : [];
  });
}
