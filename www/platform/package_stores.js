/** What the parts of the extension find again in the browser's stores: the library and what tags for pages share it. */

/** A Cache takes no address of an extension: what it keeps is under that of no host. */
export const PACKAGE_ADDRESS = "https://package.invalid/";
/** What the keys of settings begin with. */
export const PACKAGE_SETTINGS = "tagsmith.";
