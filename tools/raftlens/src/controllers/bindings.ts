import type { Binding } from './binding.ts';
import { findBindings } from './bindings-find.ts';
import { jumpBindings } from './bindings-jump.ts';
import { lookBindings } from './bindings-look.ts';
import { moveBindings } from './bindings-move.ts';
import { otherBindings } from './bindings-other.ts';
import { showBindings } from './bindings-show.ts';

/** All that the keys do, in the order of the help. */
export const BINDINGS: readonly Binding[] = [
  ...moveBindings,
  ...jumpBindings,
  ...findBindings,
  ...lookBindings,
  ...showBindings,
  ...otherBindings,
];

const byKey = new Map(BINDINGS.flatMap((binding) => binding.keys.map((key) => [key, binding] as const)));

export function bindingOf(key: string): Binding | undefined {
  return byKey.get(key);
}
