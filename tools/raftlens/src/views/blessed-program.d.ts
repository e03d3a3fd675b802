// The types of blessed know its front door alone. Behind that stand thirty widgets that are never used here.
declare module 'blessed/lib/program.js' {
  import type { BlessedProgram } from 'blessed';

  interface ProgramOptions {
    readonly input: NodeJS.ReadableStream;
    readonly output: NodeJS.WritableStream;
    readonly terminal: string;
    readonly tput: boolean;
  }
  const Program: new (options: ProgramOptions) => BlessedProgram;
  export default Program;
}
