/**
 * What people know a run by: the name of its tagger.
 * @import { Run } from "../db/protocol.js"
 */
import * as state from "./state.js";

/** Runs of the command line have no name with them. @param {Run} run */
export function runName({ tagger, name }) {
    const { facts } = state.engine.value;
    return name ?? (facts?.id === tagger ? facts.name : tagger);
}
