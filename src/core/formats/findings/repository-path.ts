import { cleanLine } from "./clean-text.ts";

/** Where hosted runners and container actions check a repository out. */
const workspaces =
  /^(?:\/github\/workspace\/|\/(?:home|Users)\/runner\/work\/[^/]+\/[^/]+\/|[A-Za-z]:\/a\/[^/]+\/[^/]+\/)/;

/** A reported file name as a repository path where that can be told: slashes, no leading `./`, no runner workspace. */
export function repositoryPath(reported: string): string | undefined {
  let path = cleanLine(reported, 1_024).replaceAll("\\", "/");
  path = path.replace(workspaces, "");
  while (path.startsWith("./")) path = path.slice(2);
  return path === "" || path === "." ? undefined : path;
}

/** The same for a SARIF artifact URI (RFC 3986): a file URL loses its scheme, percent signs are decoded. */
export function repositoryPathOfUri(uri: string, base?: string): string | undefined {
  const short = uri.slice(0, 4_096);
  const relative =
    base !== undefined && base.length > 1 && short.startsWith(base)
      ? short.slice(base.length)
      : short;
  const local = relative.replace(/^file:\/\/(?:localhost)?/i, "").replace(/^\/([A-Za-z]:\/)/, "$1");
  try {
    return repositoryPath(decodeURIComponent(local));
  } catch {
    return repositoryPath(local);
  }
}

/** Whether GitHub can put an annotation there: a relative path that stays inside the repository. */
export function isInsideRepository(path: string): boolean {
  return (
    !path.startsWith("/") &&
    !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(path) &&
    !path.split("/").includes("..")
  );
}
