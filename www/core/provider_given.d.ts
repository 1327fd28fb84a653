/**
 * What the service worker puts before the provider worker's script (shells/page/provider_script.js); not there where the script comes from
 * somebody else. `isStrict`: no answer reaches the worker that does not say that it may.
 */
declare const TAGSMITH_PROVIDER: { origins: string[]; isStrict: boolean } | undefined;
