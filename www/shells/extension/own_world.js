/**
 * Comes before the templates: in a page whose policy names the Trusted Types that may be made, theirs could not be. What a content script
 * writes is not under the page's policy, so that none is needed. The page's own world keeps what it has.
 */
Object.defineProperty(globalThis, "trustedTypes", { value: undefined, configurable: true });
