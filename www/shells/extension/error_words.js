/**
 * The page's words for what can go wrong with a picture or the engine.
 * @import { Language } from "./messages.js"
 */
import { loadWords } from "../../i18n/messages.js";

/** @param {Language} language */
export const loadErrorWords = (language) => loadWords(language, "work");
