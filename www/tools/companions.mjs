/** For builds; shells that load models of others need the same. */
export * from "../core/companions.js";
