/**
 * What is left out of folders by its name: the same in the page and on the command line (cli/src/left_out.rs;
 * tests/web/node/left_out_names.test.mjs).
 */

/** Where devices and programs keep their own copies, and what was thrown away; case makes no difference. */
export const SYSTEM_FOLDERS = [
    "@eaDir",
    "@Recycle",
    "@Recently-Snapshot",
    "#recycle",
    "#snapshot",
    "$RECYCLE.BIN",
    "RECYCLER",
    "System Volume Information",
    "lost+found",
    "__MACOSX",
];

const FOLDED = new Set(SYSTEM_FOLDERS.map((name) => name.toLowerCase()));

/** What programs hide: `.git`, `.thumbnails`, `.Trash-1000`, `._IMG_0001.JPG`; a step on a way (`..`) is no folder of that name. @param {string} name */
export const isHidden = (name) => name.startsWith(".") && !/^\.\.?$/.test(name);

/** Whether nothing in a folder of this name is taken, unless it is chosen itself. @param {string} name */
export const isSystemFolder = (name) => isHidden(name) || FOLDED.has(name.toLowerCase());

/**
 * The outermost of the folders on a file's way that are left out, with "/" at its end. What the way begins with was chosen itself.
 * @param {string} path
 */
export function systemFolderOf(path) {
    const names = path.split("/");
    const at = names.findIndex((name, idx) => idx > 0 && idx < names.length - 1 && isSystemFolder(name));
    return at < 0 ? null : `${names.slice(0, at + 1).join("/")}/`;
}
