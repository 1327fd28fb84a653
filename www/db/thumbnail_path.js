/** Where the thumbnail of a picture lies: its folder, and its name there. @param {string} sha256 @returns {[string, string]} */
export const thumbnailPath = (sha256) => [sha256.slice(0, 2), sha256];
