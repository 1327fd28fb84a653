// What training says of a set and of itself.
export type * from "../core/train_api.d.ts";
