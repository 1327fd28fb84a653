/** What page and worker have agreed on: where things lie in the browser's private file system. */

/** Of a page at this address; another page on the same origin has its own. @param {string} scope */
export const directoryName = (scope) => `tagsmith-${encodeURIComponent(new URL(scope).pathname)}`;

/** The folders in it. */
export const DATABASE = "database";
export const THUMBNAILS = "thumbnails";

/** What tabs talk on, and the lock of the one that owns the database. @param {string} scope */
export const channelName = (scope) => `tagsmith-library ${scope}`;

/** Held by a tab for as long as it lives. @param {string} tab */
export const tabLock = (tab) => `tagsmith-tab ${tab}`;

/** Of the thumbnail of a picture: its folder, and its name there. @param {string} sha256 @returns {[string, string]} */
export const thumbnailPath = (sha256) => [sha256.slice(0, 2), sha256];
