/** What TypeDoc shows of types: what the sources say, not what the compiler makes of it. */
import type { Context, Converter, SomeType } from "typedoc";
import ts from "typescript";

/**
 * TypeDoc converts most of what is declared from its type, in which the names of the generated schemas are gone: each of
 * them would be spelt out, wherever it is used, to its last field. They are shown by name, and spelt out on their own pages,
 * where their sources say only that they are a member of `components`.
 */
export function keepTypesAsWritten(converter: Converter): void {
  const convert = converter.convertType.bind(converter);
  converter.convertType = (context: Context, type: ts.Type | ts.TypeNode | undefined, node?: ts.TypeNode): SomeType => {
    const written = node ?? type;
    if (written === undefined || !isNode(written))
      return written ? convert(context, written) : convert(context, undefined);
    const name = schemaNameOf(written);
    if (name === undefined) {
      if (type && !isNode(type) && !mayNameSchemas(written)) return convert(context, type, node);
      return convert(context, written);
    }
    if (ts.isTypeAliasDeclaration(written.parent) && written.parent.name.text === name) {
      return convert(context, context.checker.getTypeAtLocation(written));
    }
    const module = context.checker.getSymbolAtLocation(written.getSourceFile());
    const alias = module?.exports?.get(ts.escapeLeadingUnderscores(name));
    return alias ? context.createSymbolReference(alias, context, name) : convert(context, written);
  };
}

/** `components["schemas"]["ApiKey"]` → `ApiKey` */
function schemaNameOf(node: ts.TypeNode): string | undefined {
  return ts.isIndexedAccessTypeNode(node) ? /^components\["schemas"\]\["(\w+)"\]$/.exec(textOf(node))?.[1] : undefined;
}

/** Within an array, a union or the arguments of another type. */
function mayNameSchemas(node: ts.TypeNode): boolean {
  return (
    textOf(node).includes('components["schemas"]') || (ts.isTypeReferenceNode(node) && node.typeArguments !== undefined)
  );
}

/** Empty for what the compiler made itself. */
function textOf(node: ts.TypeNode): string {
  return node.pos < 0 ? "" : node.getText();
}

function isNode(value: ts.Type | ts.TypeNode): value is ts.TypeNode {
  return "kind" in value;
}
