/** What `<image-tagger>` says, in the page's languages. */

export const WORDS = {
    en: {
        tags: "Tags",
        choose: "Choose a picture",
        change: "Choose another picture",
        drop: "or drop it here",
        loading: "Loading the model…",
        loading_share: "Loading the model… {share} %",
        tagging: "Looking at the picture…",
        found_one: "1 tag.",
        found: "{n} tags.",
        found_none: "No tags. The picture may show nothing that the model knows.",
        remove: "Remove {name}",
        removed: "{name} removed.",
        clear: "Remove the picture",
        required: "Choose a picture that has at least one tag.",
        busy: "Wait until the picture has its tags.",
    },
    sv: {
        tags: "Taggar",
        choose: "Välj en bild",
        change: "Välj en annan bild",
        drop: "eller släpp den här",
        loading: "Laddar modellen…",
        loading_share: "Laddar modellen… {share} %",
        tagging: "Tittar på bilden…",
        found_one: "1 tagg.",
        found: "{n} taggar.",
        found_none: "Inga taggar. Bilden visar kanske inget som modellen känner till.",
        remove: "Ta bort {name}",
        removed: "{name} borttagen.",
        clear: "Ta bort bilden",
        required: "Välj en bild som får minst en tagg.",
        busy: "Vänta tills bilden har fått sina taggar.",
    },
};

/** @typedef {keyof typeof WORDS} Language @typedef {keyof typeof WORDS.en} Key */

/** @param {string | null | undefined} wanted "sv-FI" @returns {Language} */
export const spoken = (wanted) => (wanted?.toLowerCase().split("-")[0] === "sv" ? "sv" : "en");

/** @param {Language} language @param {Key} key @param {Record<string, string | number>} [values] */
export const say = (language, key, values = {}) =>
    WORDS[language][key].replace(/\{(\w+)\}/g, (whole, /** @type {string} */ name) => String(values[name] ?? whole));
