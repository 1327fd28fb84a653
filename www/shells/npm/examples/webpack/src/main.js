// How far the loading is, what is on screen tagged from its element, and where things are.
import { Tagger, TaggerError } from "tagsmith";

const progress = document.querySelector("progress");
const picture = document.querySelector("img");
const table = document.querySelector("table");

const tagger = Tagger.create({ onProgress: ({ loaded, total }) => void (progress.value = total ? loaded / total : 0) });

document.querySelector("input").onchange = ({ target }) => {
    picture.src = URL.createObjectURL(target.files[0]);
};
picture.onload = async () => {
    table.replaceChildren();
    try {
        const { tags } = await (await tagger).tag(picture);
        for (const { name, confidence, count, boxes = [] } of tags) {
            const cells = [name, confidence.toFixed(2), count ?? "", boxes.map((box) => box.join(" ")).join("; ")];
            const row = table.insertRow();
            for (const cell of cells) row.insertCell().textContent = cell;
        }
    } catch (error) {
        if (!(error instanceof TaggerError)) throw error;
        table.createCaption().textContent = `${error.title} ${error.remedy}`;
    }
};
