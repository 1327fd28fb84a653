/**
 * What something would cost at a price that a person has typed. No price of any provider is known here: it would be wrong next month.
 */

/** So many units a price is for, as providers print it. */
export const UNITS_A_PRICE = 1_000;

/**
 * @param {number} nUnits @param {{amount: number | null} | null | undefined} price for 1,000 units
 * @returns {number | null} in its currency; null where nobody has typed one
 */
export const costOf = (nUnits, price) =>
    typeof price?.amount === "number" ? (nUnits * price.amount) / UNITS_A_PRICE : null;
