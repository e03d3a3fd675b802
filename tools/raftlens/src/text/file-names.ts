/** The names of files without the folders that all of them share: what tells them apart is all that a reader needs. */
export function shortNames(names: readonly string[]): readonly string[] {
  const paths = names.map((name) => name.split('/'));
  const [first = []] = paths;
  let shared = 0;
  while (paths.every((path) => shared < path.length - 1 && path[shared] === first[shared])) shared += 1;
  return paths.map((path) => path.slice(shared).join('/'));
}
