/**
 * Paths of files, without a look at any disk: the identity of a file is its cleaned path.
 *
 * @module
 */

/** The path `name` means when it stands in the file `from`. */
export function resolveFrom(from: string, name: string): string {
  const base = from.replaceAll("\\", "/");
  return isAbsolute(name)
    ? cleanPath(name)
    : cleanPath(`${base.slice(0, base.lastIndexOf("/") + 1)}${name}`);
}

/** The path with forward slashes, without `.`, empty and inner `..` segments. */
export function cleanPath(path: string): string {
  const slashed = path.replaceAll("\\", "/");
  const root = /^(?:[A-Za-z]:\/|\/)?/.exec(slashed)?.[0] ?? "";
  const parts: string[] = [];
  for (const part of slashed.slice(root.length).split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (root === "") parts.push(part);
  }
  return root + parts.join("/");
}

function isAbsolute(path: string): boolean {
  return /^(?:[A-Za-z]:)?[\\/]/.test(path);
}
