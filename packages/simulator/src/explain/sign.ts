/**
 * What is said of a failure, without the names, numbers and quoted values of its run: equal signs are a hint at equal causes, also where
 * nothing can be tried.
 */
export function signOfFailure(text: string): string {
  return text
    .replaceAll(/"[^"]*"/g, '"..."')
    .replaceAll(/\b[A-Z]\d+(-\d+)?\b/g, 'X')
    .replaceAll(/\d+(\.\d+)?/g, 'N')
    .replaceAll(/X(,? (and )?X)+/g, 'X');
}
