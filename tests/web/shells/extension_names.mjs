/** Pictures that are called something in every way that a page has, and what browsers make of it. @import { Page } from "playwright-core" */

/**
 * Pictures, and what each is called: "" where it is decoration, null where it lacks a text or has no place for one, which `isLacking` tells apart.
 * `browser`: what Chromium calls the element itself, where that is something else.
 * @type {{html: string, name: string | null, isLacking?: boolean, browser?: string}[]}
 */
export const NAMES = [
    { html: '<img $ src="SRC">', name: null, isLacking: true },
    { html: '<img $ src="SRC" alt=" ">', name: null, isLacking: true },
    { html: '<img $ src="SRC" alt="">', name: "" },
    { html: '<img $ src="SRC" alt="" title="Tooltip">', name: "" },
    { html: '<img $ src="SRC" alt="" aria-label="Cat">', name: "Cat" },
    { html: '<img $ src="SRC" title="Only a title">', name: "Only a title" },
    { html: '<img $ src="SRC" alt="No" aria-label="No" aria-labelledby="words">', name: "Sat here" },
    { html: '<img $ src="SRC" alt="No" aria-label="Yes">', name: "Yes" },
    { html: '<img $ src="SRC" aria-labelledby="nothing" alt="Yes">', name: "Yes" },
    { html: '<img $ src="SRC" aria-labelledby="hidden">', name: "Unseen" },
    { html: '<img $ src="SRC" role="none">', name: "" },
    { html: '<img $ src="SRC" role="presentation" aria-label="Cat">', name: "Cat" },
    { html: '<img $ src="SRC" role="none" tabindex="0">', name: null, isLacking: true },
    { html: '<div aria-hidden="true"><img $ src="SRC"></div>', name: "" },
    { html: '<div role="img" aria-label="All of it"><img $ src="SRC"></div>', name: "All of it", browser: "" },
    {
        html: '<img $ src="SRC" usemap="#map"><map name="map"><area alt="Ear" href="#"></map>',
        name: null,
        isLacking: true,
    },
    { html: '<input type="image" $ src="SRC" alt="Go">', name: "Go" },
    { html: '<input type="image" $ src="SRC" alt="">', name: null, isLacking: true, browser: "Submit" },
    { html: '<label>Find <input type="image" $ src="SRC"></label>', name: "Find" },
    { html: '<input type="image" $ src="SRC" title="Go">', name: "Go" },
    { html: '<svg><image $ href="SRC" aria-label="Cat" /></svg>', name: "Cat" },
    { html: '<svg><image $ href="SRC" aria-labelledby="words" /></svg>', name: "Sat here" },
    { html: '<svg><image $ href="SRC"><title>Cat</title></image></svg>', name: "Cat" },
    { html: '<svg><image $ href="SRC"><desc>Long</desc></image></svg>', name: null, isLacking: true },
    { html: '<svg><image $ href="SRC" /></svg>', name: null, isLacking: true },
    { html: '<svg><title>Drawing</title><g><image $ href="SRC" /></g></svg>', name: "Drawing", browser: "" },
    { html: '<svg role="img" aria-label="Drawing"><image $ href="SRC" /></svg>', name: "Drawing", browser: "" },
    { html: '<svg><g><title>Group</title><image $ href="SRC" /></g></svg>', name: "Group", browser: "" },
    { html: '<svg role="presentation"><image $ href="SRC" /></svg>', name: "", browser: "" },
    { html: '<svg><image $ href="SRC" role="none" /></svg>', name: "" },
    { html: '<svg aria-hidden="true"><image $ href="SRC" /></svg>', name: "" },
    { html: `<div $ role="img" style='background: url("SRC")'></div>`, name: null, isLacking: true },
    { html: `<div $ role="img" aria-label="Cat" style='background: url("SRC")'></div>`, name: "Cat" },
    { html: `<div $ role="img" title="Cat" style='background: url("SRC")'></div>`, name: "Cat" },
    { html: `<div $ style='background: url("SRC")'></div>`, name: null },
    { html: "<canvas $ role=img aria-label=Chart></canvas>", name: "Chart" },
    { html: "<canvas $ role=img></canvas>", name: null, isLacking: true },
    { html: "<canvas $>Words instead</canvas>", name: "Words instead", browser: "" },
    { html: "<canvas $></canvas>", name: null },
];

export const namesPage = () =>
    `<!doctype html><html lang="en"><title>Names</title><style>body * { width: 90px; height: 60px }</style><h1>Names</h1>
<p id="words">Sat <b>here</b></p><p id="hidden" hidden>Unseen</p>
${NAMES.map(({ html }, idx) => html.replace("$", `id="n${idx}"`).replaceAll("SRC", `/cat.jpg?${idx}`)).join("\n")}`;

/** What Chromium tells of each picture to whoever does not see it. @param {Page} page */
export async function namesInBrowser(page) {
    const tools = await page.context().newCDPSession(page);
    const { root } = await tools.send("DOM.getDocument");
    return Promise.all(
        NAMES.map(async (_, idx) => {
            const { nodeId } = await tools.send("DOM.querySelector", { nodeId: root.nodeId, selector: `#n${idx}` });
            const { nodes } = await tools.send("Accessibility.getPartialAXTree", { nodeId, fetchRelatives: false });
            return String(nodes[0]?.name?.value ?? "").trim();
        }),
    );
}
