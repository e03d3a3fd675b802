import type { LogFormat } from './format.ts';
import { nativeFormat } from './native.ts';

/** Every format that raftlens reads by itself, the surest first. */
export const FORMATS: readonly LogFormat[] = [nativeFormat];
