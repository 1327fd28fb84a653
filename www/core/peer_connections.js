/**
 * Takes connections from browser to browser off a global: no directive of a policy that browsers know forbids them. In a page that is a hurdle
 * and no wall, because a script that has broken in finds them again in a new frame (docs/OFFLINE.md says what holds and what does not).
 * @param {object} global
 */
export function removePeerConnections(global) {
    for (const name of Object.getOwnPropertyNames(global))
        if (/^(webkit|moz)?RTC/.test(name)) Reflect.deleteProperty(global, name);
}
