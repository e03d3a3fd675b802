export { Causes } from './causes.ts';
export { sentenceOf } from './sentence.ts';
export { type Repetition, type Standstill, standstillOf } from './standstill.ts';
export { type StoryLine, type StoryStart, storyOf, tell } from './story.ts';
