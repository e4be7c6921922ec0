import { addFinding, objectsOf } from "../collect.ts";
import { firstText, isObject, listOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import type { NativeReader } from "./reader.ts";

const isFinding = (item: unknown): boolean =>
  isObject(item) && "ident" in item && isObject(item["determinations"]);

/** The place that the finding is about; the others only explain it. */
function primaryOf(item: JsonObject): JsonObject {
  const places = listOf(item["locations"]).filter(isObject);
  return (
    places.find((place) => objectOf(place["symbolic"])["kind"] === "Primary") ?? places[0] ?? {}
  );
}

function fileOf(place: JsonObject): string | undefined {
  const key = objectOf(objectOf(place["symbolic"])["key"]);
  const local = objectOf(key["Local"]);
  return firstText(local["verbatim_path"], local["given_path"], objectOf(key["Remote"])["path"]);
}

/** Rows are counted from zero. */
function lineAt(place: JsonObject, point: "start_point" | "end_point"): number | undefined {
  const row = objectOf(objectOf(objectOf(place["concrete"])["location"])[point])["row"];
  return typeof row === "number" && Number.isSafeInteger(row) && row >= 0 ? row + 1 : undefined;
}

/** `zizmor --format json` (v1). `feature` quotes the workflow and stays outside. */
export const zizmor: NativeReader = {
  tool: "zizmor",
  kinds: ["code"],
  recognises: (document) =>
    Array.isArray(document) && document.length > 0 && document.every(isFinding),
  isMarked: () => true,
  blanks: ["[]"],
  read: (into, document) => {
    for (const item of objectsOf(into, document, "the list of findings")) {
      const place = primaryOf(item);
      const file = fileOf(place);
      addFinding(into, "zizmor", {
        kind: "code",
        rule: textOf(item["ident"]) ?? "unknown",
        rating: rate({ kind: "code", word: objectOf(item["determinations"])["severity"] }),
        title: textOf(item["desc"]) ?? "",
        message: firstText(objectOf(place["symbolic"])["annotation"], item["desc"]),
        path: file === undefined ? undefined : repositoryPath(file),
        startLine: lineAt(place, "start_point"),
        endLine: lineAt(place, "end_point"),
        url: textOf(item["url"]),
        suppression: item["ignored"] === true ? { kind: "inSource", accepted: true } : undefined,
      });
    }
    return {};
  },
};
