import { urlPart } from "#core/text/url-part.ts";

/** A package as two scanners can agree on it: purl type (null where unknown), full name with namespace, version. */
export interface PackageName {
  readonly type: string | null;
  readonly name: string;
  readonly version: string | null;
}

/** Ecosystem and lock-file names of scanners and of GitHub, by purl type (purl-spec, "types"). */
const purlTypes: ReadonlyMap<string, string> = new Map([
  ["npm", "npm"],
  ["yarn", "npm"],
  ["pnpm", "npm"],
  ["node-pkg", "npm"],
  ["node", "npm"],
  ["pip", "pypi"],
  ["pypi", "pypi"],
  ["pipenv", "pypi"],
  ["poetry", "pypi"],
  ["uv", "pypi"],
  ["python-pkg", "pypi"],
  ["python", "pypi"],
  ["maven", "maven"],
  ["gradle", "maven"],
  ["jar", "maven"],
  ["pom", "maven"],
  ["java", "maven"],
  ["go", "golang"],
  ["golang", "golang"],
  ["gomod", "golang"],
  ["gobinary", "golang"],
  ["gomodules", "golang"],
  ["cargo", "cargo"],
  ["rust", "cargo"],
  ["rustbinary", "cargo"],
  ["bundler", "gem"],
  ["rubygems", "gem"],
  ["gemspec", "gem"],
  ["gem", "gem"],
  ["composer", "composer"],
  ["nuget", "nuget"],
  ["dotnet-core", "nuget"],
  ["actions", "githubactions"],
  ["githubactions", "githubactions"],
  ["pub", "pub"],
  ["swift", "swift"],
  ["cocoapods", "cocoapods"],
  ["erlang", "hex"],
  ["hex", "hex"],
]);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const encoded = (name: string): string => name.split("/").map(urlPart).join("/");

/** Writes a package as a package URL where the ecosystem is known, else as `name@version`. */
export function writePackage(
  ecosystem: string | undefined,
  name: string,
  version?: string,
): string {
  const type = purlTypes.get((ecosystem ?? "").toLowerCase());
  const suffix = version === undefined ? "" : `@${type === undefined ? version : urlPart(version)}`;
  if (type === undefined) return `${name}${suffix}`;
  return `pkg:${type}/${encoded(type === "maven" ? name.replace(":", "/") : name)}${suffix}`;
}

/** Reads a package URL (qualifiers and subpath left out) or `name@version`; null for an empty or overlong text. */
export function readPackage(text: string): PackageName | null {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > 1_000) return null;
  const purl = /^pkg:\/{0,2}([a-z0-9.+-]{1,40})\/([^?#]+)/i.exec(trimmed);
  const body = purl?.[2] ?? trimmed;
  const at = body.lastIndexOf("@");
  const name = at > 0 ? body.slice(0, at) : body;
  const version = at > 0 && at < body.length - 1 ? body.slice(at + 1) : null;
  if (purl === null) return { type: null, name, version };
  const type = (purl[1] ?? "").toLowerCase();
  const plain = decoded(name.replace(/\/+$/, ""));
  return {
    type,
    name: normalName(type, plain),
    version: version === null ? null : decoded(version),
  };
}

/** Names that their registry itself takes for the same. */
function normalName(type: string, name: string): string {
  if (type === "pypi") return name.toLowerCase().replaceAll(/[_.]/g, "-");
  return ["githubactions", "composer", "nuget", "gem"].includes(type) ? name.toLowerCase() : name;
}

/**
 * Whether a waiver's package means this one: same type where the waiver names one, same name, and exactly the version
 * it names, if it names one. A version that the finding does not know is never the named one.
 */
export function isSamePackage(waived: string, found: string): boolean {
  const wanted = readPackage(waived);
  const actual = readPackage(found);
  if (wanted === null || actual === null) return false;
  const type = wanted.type ?? actual.type ?? "";
  if (wanted.type !== null && actual.type !== null && wanted.type !== actual.type) return false;
  // Where a report names no ecosystem, a waiver that does cannot be checked against it: it does not match.
  if (wanted.type !== null && actual.type === null) return false;
  if (normalName(type, wanted.name) !== normalName(type, actual.name)) return false;
  return wanted.version === null || wanted.version === actual.version;
}
