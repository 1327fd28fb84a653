/**
 * Pages with pictures of each kind, from a server with two origins: the page's own, and one that lets others read some of its pictures.
 * @typedef {{url: string, other: string, close: () => Promise<void>}} Sites
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { FIFTY } from "../fifty_pictures.mjs";
import { ROOT } from "../root.mjs";
import { namesPage } from "./extension_names.mjs";

export const CAT = join(ROOT, "tests/cases/chelsea/picture.jpg");
const STRICT =
    "default-src 'none'; img-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'; sandbox allow-scripts allow-same-origin";

/** Each picture has its kind as its id. @param {string} other */
const gallery = (other) => `<!doctype html><html lang="en"><title>Gallery</title>
<style>img, canvas, div { width: 120px; height: 80px; display: inline-block } #background, #veiled > i { background: url("/cat.jpg") }
  #veiled { position: relative } #veiled > * { position: absolute; inset: 0 } #far { margin-top: 5000px }</style>
<h1>Gallery</h1><button id="before">Before</button>
<img id="own" src="/cat.jpg"><img id="described" src="/cat.jpg" alt="A cat"><img id="decoration" src="/cat.jpg" alt="">
<img id="cors" src="${other}/cors.jpg"><img id="foreign" src="${other}/cat.jpg">
<img id="data"><img id="blob"><picture><source srcset="/cat.jpg?picture 1x"><img id="picture" src="/no.jpg"></picture>
<img id="srcset" srcset="/cat.jpg?small 10w, /cat.jpg?large 4000w" sizes="4000px"><img id="late" data-src="/cat.jpg?late">
<input type="image" id="input" src="/cat.jpg?input" alt="go"><svg width="120" height="80"><image id="svg" href="/cat.jpg?svg" width="120" height="80"/></svg>
<div id="background"></div><div id="veiled"><i></i><a href="#there"></a></div><canvas id="canvas"></canvas><canvas id="tainted"></canvas>
<div id="shadow"></div><video id="film" width="120" height="80"></video><img id="broken" src="/text.jpg">
<iframe id="frame" src="/frame.html" width="400" height="360"></iframe><img id="far" loading="lazy" src="/cat.jpg?far">
<script type="module">
  const blob = await (await fetch("/cat.jpg")).blob();
  document.querySelector("#blob").src = URL.createObjectURL(blob);
  const reader = new FileReader();
  reader.onload = () => (document.querySelector("#data").src = reader.result);
  reader.readAsDataURL(blob);
  const draw = async (id, from) => {
    const canvas = document.querySelector(id), img = new Image();
    img.src = from; await img.decode();
    canvas.width = img.naturalWidth; canvas.height = img.naturalHeight;
    canvas.getContext("2d").drawImage(img, 0, 0);
  };
  await draw("#canvas", "/cat.jpg"); await draw("#tainted", "${other}/cat.jpg");
  document.querySelector("#shadow").attachShadow({ mode: "open" }).innerHTML = '<img src="/cat.jpg?shadow" width="120" height="80">';
  // What a page can see of the panel.
  globalThis.seen = [];
  for (const kind of ["keydown", "click", "focusin"]) document.addEventListener(kind, (event) => seen.push(kind + " " + event.target.tagName));
  document.documentElement.dataset.ready = "yes";
</script></html>`;

/** An alternative text that is there. */
export const DESCRIBED = "Somebody has described it";
const [BEHIND, INSIDE, LAST] = FIFTY.slice(-3).map(({ name }) => `/fifty/${name}`);
/** Every other has an alternative text; the last ones lie behind an element, in a shadow root and in a frame. */
const fifty = `<!doctype html><html lang="en"><title>Fifty</title><h1>Fifty</h1>
${FIFTY.slice(0, -3)
    .map(({ name }, idx) => `<img src="/fifty/${name}" width="80" ${idx % 2 ? "" : `alt="${DESCRIBED}"`}>`)
    .join("\n")}
<div style="width: 80px; height: 80px; background: url(${BEHIND})"></div>
<div id="shadow"></div><iframe src="/last.html" title="The last"></iframe>
<script>document.querySelector("#shadow").attachShadow({ mode: "open" }).innerHTML = '<img src="${INSIDE}" width="80">';</script></html>`;

/** @type {Record<string, (other: string) => {type: string, body: string | Buffer, headers?: Record<string, string>}>} */
const FILES = {
    "/": (other) => ({ type: "text/html", body: gallery(other) }),
    "/frame.html": () => ({
        type: "text/html",
        body: '<!doctype html><img id="inside" src="/cat.jpg?inside" width="120">',
    }),
    "/framing.html": (other) => ({
        type: "text/html",
        body: `<!doctype html><html lang="en"><title>Framing</title><h1>Framing</h1>
<img id="own" src="/cat.jpg" width="120"><iframe id="frame" src="${other}/framed.html" width="400" height="360"></iframe>`,
    }),
    "/framed.html": () => ({
        type: "text/html",
        body: `<!doctype html><style>#background { width: 120px; height: 80px; background: url("/cat.jpg?background") }</style>
<img id="inside" src="/cat.jpg?inside" width="120"><div id="background"></div>`,
    }),
    "/names.html": () => ({ type: "text/html", body: namesPage() }),
    "/strict.html": () => ({
        type: "text/html",
        body: '<!doctype html><html lang="en"><title>Strict</title><h1>Strict</h1><a id="before" href="#">Before</a><img id="own" src="/cat.jpg" width="240">',
        headers: { "Content-Security-Policy": STRICT },
    }),
    "/empty.html": () => ({ type: "text/html", body: "<!doctype html><title>Empty</title><h1>Nothing</h1>" }),
    "/cat.jpg": () => ({ type: "image/jpeg", body: readFileSync(CAT) }),
    "/cors.jpg": () => ({
        type: "image/jpeg",
        body: readFileSync(CAT),
        headers: { "Access-Control-Allow-Origin": "*" },
    }),
    "/text.jpg": () => ({ type: "image/jpeg", body: "no picture at all" }),
    "/fifty.html": () => ({ type: "text/html", body: fifty }),
    "/last.html": () => ({ type: "text/html", body: `<!doctype html><img src="${LAST}" width="80">` }),
    ...Object.fromEntries(
        FIFTY.map(({ name, path }) => [
            `/fifty/${name}`,
            () => ({ type: `image/${extname(name).slice(1).replace("jpg", "jpeg")}`, body: readFileSync(path) }),
        ]),
    ),
};

/** @returns {Promise<Sites>} */
export async function startSites() {
    const answer = (/** @type {() => string} */ other) => (/** @type {any} */ request, /** @type {any} */ response) => {
        const file = FILES[new URL(request.url, "http://host").pathname]?.(other());
        if (!file) return response.writeHead(404).end();
        response.writeHead(200, { "Content-Type": file.type, "Cache-Control": "max-age=60", ...file.headers });
        response.end(file.body);
    };
    let other = "";
    const servers = [createServer(answer(() => other)), createServer(answer(() => other))];
    const ports = await Promise.all(
        servers.map(
            (server) =>
                new Promise((resolve) =>
                    server.listen(0, "127.0.0.1", () => resolve(/** @type {any} */ (server.address()).port)),
                ),
        ),
    );
    other = `http://localhost:${ports[1]}`;
    return {
        url: `http://127.0.0.1:${ports[0]}`,
        other,
        async close() {
            for (const server of servers) {
                server.closeAllConnections();
                await new Promise((resolve) => server.close(resolve));
            }
        },
    };
}
