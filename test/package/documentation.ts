import ts from "typescript";

/**
 * What an editor shows of each export of each module and of each of its members: `ApiKey.id` → its documentation.
 * In the order of the modules.
 */
export function documentationOf(modules: string[], options: ts.CompilerOptions): Map<string, string>[] {
  const program = ts.createProgram(modules, { ...options, noEmit: true, skipLibCheck: true });
  const checker = program.getTypeChecker();
  return modules.map((module) => {
    const source = program.getSourceFile(module);
    const symbol = source && checker.getSymbolAtLocation(source);
    if (!symbol) throw new Error(`${module} is no module`);
    const texts = new Map<string, string>();
    const note = (name: string, of: ts.Symbol): void => {
      const tags = of.getJsDocTags(checker).map((tag) => `@${tag.name} ${ts.displayPartsToString(tag.text)}`);
      const text = [ts.displayPartsToString(of.getDocumentationComment(checker)), ...tags].join("\n").trim();
      if (text) texts.set(name, text);
    };
    for (const exported of checker.getExportsOfModule(symbol)) {
      const own = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      note(exported.name, own);
      own.members?.forEach((member) => note(`${exported.name}.${member.name}`, member));
    }
    return texts;
  });
}
