/** Stands for Intl.Segmenter in the bundle: the same, but made when it is used. */
export class LazySegmenter {
  #options;
  #segmenter;

  constructor(...options) {
    this.#options = options;
  }

  segment(text) {
    this.#segmenter ??= new globalThis.Intl['Segmenter'](...this.#options);
    return this.#segmenter.segment(text);
  }
}
