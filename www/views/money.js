/**
 * What so many units come to at a price that a person has typed, in words.
 * @import { Price } from "../app/provider_profiles.js"
 */
import { costOf } from "../app/providers/cost.js";
import { language } from "../app/state.js";

/** Less than one is told to the hundredth of a hundredth: single pictures cost so little. @param {number} nUnits @param {Price | undefined} price @returns {string | null} null where nobody has typed one */
export function moneyText(nUnits, price) {
    const sum = costOf(nUnits, price);
    if (sum === null || !price) return null;
    const digits = sum > 0 && sum < 1 ? 4 : 2;
    const figure = new Intl.NumberFormat(language.value, { minimumFractionDigits: 2, maximumFractionDigits: digits });
    return `${figure.format(sum)} ${price.currency}`.trim();
}
