// One picture at a time: a new one, or the button, stops the one before.
import { Tagger } from "tagsmith";

const [input, button, output] = ["input", "button", "output"].map((name) => document.querySelector(name));
const loading = Tagger.create({ workers: 1, threshold: 0.3 });
let current = new AbortController();

button.addEventListener("click", () => current.abort());
input.addEventListener("change", async () => {
    current.abort();
    current = new AbortController();
    button.disabled = false;
    output.textContent = "…";
    try {
        const tagger = await loading;
        const { tags } = await tagger.tag(input.files[0], { signal: current.signal });
        output.textContent = tags.map(({ name }) => name).join(", ");
    } catch (error) {
        output.textContent = error.name === "AbortError" ? "Stopped." : error.message;
    }
    button.disabled = true;
});
