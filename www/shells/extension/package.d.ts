// What tools/build_extension.mjs writes into the scripts of a package: files by the path that the card names them by.
declare const TAGSMITH_PACKAGE: { companions: Record<string, string>; objects: Record<string, string> };
/** What changes with any of these files, and their names: they lie there as Brotli, under their name and ".br". */
declare const TAGSMITH_PACKED: string;
