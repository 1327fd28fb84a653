// What tools/build_extension.mjs writes into the scripts of a package: files by the path that the card names them by.
declare const TAGSMITH_PACKAGE: { companions: Record<string, string>; objects: Record<string, string> };
declare module "*.css" {
    const text: string;
    export default text;
}
