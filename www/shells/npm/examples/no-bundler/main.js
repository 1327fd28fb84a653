// Many pictures, one after the other, with the package as it lies in node_modules.
import { Tagger } from "../node_modules/tagsmith/index.js";

const input = document.querySelector("input");
const list = document.querySelector("ol");
const tagger = await Tagger.create();

input.addEventListener("change", async () => {
    for await (const { input: file, report, error } of tagger.tagAll(input.files)) {
        const line = document.createElement("li");
        line.textContent = report ? report.tags.map(({ name }) => name).join(", ") : `${file.name}: ${error.message}`;
        list.append(line);
    }
    list.dataset.state = "done";
});
document.documentElement.dataset.state = "ready";
