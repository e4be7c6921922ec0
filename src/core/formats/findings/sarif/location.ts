import { isObject, lineOf, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { repositoryPathOfUri } from "../repository-path.ts";

export interface SarifLocation {
  readonly path: string | undefined;
  readonly startLine: number | undefined;
  readonly endLine: number | undefined;
  /** Name of the thing that is not a file: a package, a resource. */
  readonly logicalName: string | undefined;
}

/** `artifactLocation.uri`, or the URI of the run's artifact that `index` names. */
function uriOf(run: JsonObject, artifactLocation: JsonObject): string | undefined {
  const own = textOf(artifactLocation["uri"]);
  if (own !== undefined) return own;
  const index = artifactLocation["index"];
  if (typeof index !== "number") return undefined;
  return textOf(objectOf(objectOf(listOf(run["artifacts"])[index])["location"])["uri"]);
}

/** Where a run says its base is: only an absolute URI can be taken off a path. */
function baseOf(run: JsonObject, artifactLocation: JsonObject): string | undefined {
  const bases = objectOf(run["originalUriBaseIds"]);
  const id = textOf(artifactLocation["uriBaseId"]) ?? "%SRCROOT%";
  return Object.hasOwn(bases, id) ? textOf(objectOf(bases[id])["uri"]) : undefined;
}

/** The first location of a result; undefined where it has none. */
export function placeOf(run: JsonObject, result: JsonObject): SarifLocation | undefined {
  const location = listOf(result["locations"]).find(isObject);
  if (location === undefined) return undefined;
  const physical = objectOf(location["physicalLocation"]);
  const artifactLocation = objectOf(physical["artifactLocation"]);
  const region = objectOf(physical["region"]);
  const uri = uriOf(run, artifactLocation);
  return {
    path: uri === undefined ? undefined : repositoryPathOfUri(uri, baseOf(run, artifactLocation)),
    startLine: lineOf(region["startLine"]),
    endLine: lineOf(region["endLine"]),
    logicalName: textOf(objectOf(listOf(location["logicalLocations"])[0])["fullyQualifiedName"]),
  };
}
