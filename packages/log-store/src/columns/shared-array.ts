type ArrayView<T> = { new (memory: SharedArrayBuffer): T; readonly BYTES_PER_ELEMENT: number };

/** A typed array in memory that other threads can be shown (share/). Zeros that were never written cost nothing. */
export function sharedArray<T>(View: ArrayView<T>, length: number): T {
  return new View(new SharedArrayBuffer(length * View.BYTES_PER_ELEMENT));
}

/** The same numbers in a wider array. */
export function widened<T extends { set(values: ArrayLike<number>): void }>(View: ArrayView<T>, values: ArrayLike<number>): T {
  const wider = sharedArray(View, values.length);
  wider.set(values);
  return wider;
}
