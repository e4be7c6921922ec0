/** Schemes that bundlers and editors put before a path. */
const schemes = /^(?:file|webpack|ng|rollup|vite):\/\//i;

/**
 * A report's path in one spelling: forward slashes, no `.` or inner `..`, a leading `/` or `C:/` kept because it says
 * that the path is absolute. Joining copies the string, so that a slice does not keep a whole report in memory.
 */
export function tidyPath(raw: string): string {
  const path = raw.trim().replace(schemes, "").replaceAll("\\", "/");
  const absolute = path.startsWith("/");
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (segment !== ".." || !absolute) kept.push(segment);
  }
  return (absolute ? "/" : "") + kept.join("/");
}

/** Absolute on some machine: `/x`, `C:/x`, or a placeholder such as `$PROJECT_PATH/x`. Expects a tidy path. */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith("/") || path.startsWith("$") || /^[A-Za-z]:(?:\/|$)/.test(path);
}

/** `path` below `folder`, unless it is absolute itself. */
export function joinPath(folder: string, path: string): string {
  return isAbsolutePath(path) || folder === "" ? tidyPath(path) : tidyPath(`${folder}/${path}`);
}
