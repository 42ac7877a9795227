import { fileURLToPath } from "node:url";
import ts from "typescript";

const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  verbatimModuleSyntax: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  types: [],
};
// Where their imports are found.
const folder = fileURLToPath(new URL("../fixtures/foreign/", import.meta.url));

const disk = ts.createCompilerHost(options);
// What is on the disk is parsed once.
const parsed = new Map<string, ts.SourceFile | undefined>();
let before: ts.Program | undefined;

/** What a strict TypeScript says of generated files, with the name of each; nothing if they are valid. */
export function problemsOf(files: Record<string, string>): string[] {
  const host = ts.createCompilerHost(options);
  const virtual = new Map(Object.entries(files).map(([name, text]) => [folder + name, text]));
  host.readFile = (name) => virtual.get(name) ?? disk.readFile(name);
  host.fileExists = (name) => virtual.has(name) || disk.fileExists(name);
  host.directoryExists = (name) => name.startsWith(folder) || ts.sys.directoryExists(name);
  host.getSourceFile = (name, language) => {
    const text = virtual.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, language, true);
    if (!parsed.has(name)) parsed.set(name, disk.getSourceFile(name, language));
    return parsed.get(name);
  };
  before = ts.createProgram([...virtual.keys()], options, host, before);
  return messagesOf(ts.getPreEmitDiagnostics(before));
}

/** What TypeScript says of the syntax of a file alone. */
export function syntaxProblemsOf(text: string): string[] {
  const { diagnostics = [] } = ts.transpileModule(text, { compilerOptions: options, reportDiagnostics: true });
  return messagesOf(diagnostics);
}

function messagesOf(diagnostics: readonly ts.Diagnostic[]): string[] {
  return diagnostics.map(({ file, messageText }) => {
    return `${file?.fileName.replace(folder, "") ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}
